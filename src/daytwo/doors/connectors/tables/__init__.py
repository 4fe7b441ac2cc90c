"""Delimited files of any system, read through a mapping file that declares what they mean."""
