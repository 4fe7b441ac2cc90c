"""One detector a file; `registry.discover` imports every module of this folder."""
