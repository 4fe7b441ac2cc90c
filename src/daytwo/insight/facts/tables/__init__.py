"""The fact tables, one file each; found by folder."""
