"""What is true of the plant and no system exports: critical paths, causes, effects, figures."""
