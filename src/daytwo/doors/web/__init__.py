"""The door for people: one folder per page, server-rendered, usable without a mouse or a script."""
