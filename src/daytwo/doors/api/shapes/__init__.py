"""Answers as programs read them: names and units of every member, declared."""
