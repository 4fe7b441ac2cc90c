"""Release: the queue, review by exception, disposition."""
