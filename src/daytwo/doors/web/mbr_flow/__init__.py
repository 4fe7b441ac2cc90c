"""MBR change flow: how long a change of a master batch record takes, leg by leg."""
