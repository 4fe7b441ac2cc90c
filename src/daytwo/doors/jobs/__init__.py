"""The clock and the command line: the verbs of `daytwo`."""
