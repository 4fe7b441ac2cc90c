"""Execution of one step: the page of the tablet on the floor."""
