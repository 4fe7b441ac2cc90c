"""Leadership: six figures against what they are set against, and what to fix first."""
