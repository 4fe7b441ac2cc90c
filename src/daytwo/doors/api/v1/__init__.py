"""The first version of the interface: one file a capability, found by folder."""
