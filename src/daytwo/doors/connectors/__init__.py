"""Plant and IT systems: what they export becomes attributed commands, found by folder."""
