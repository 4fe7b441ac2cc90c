"""What it costs: the same work done by the house and without it, side by side in one run."""
