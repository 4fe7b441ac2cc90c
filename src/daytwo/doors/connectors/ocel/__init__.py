"""Object-centric event logs (OCEL 2.0), in and out, as JSON and as SQLite."""
