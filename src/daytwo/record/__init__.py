"""The GMP record, the validated scope: every change is an event."""
