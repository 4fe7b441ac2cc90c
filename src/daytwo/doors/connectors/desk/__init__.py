"""The desk where files are taken in, looked at, mapped, rehearsed and run; pages sit before it."""
