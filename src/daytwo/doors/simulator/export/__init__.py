"""What the plant's systems export: the contract of files, their dialects and their dirt."""
