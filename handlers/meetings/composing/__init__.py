"""The conversation that calls a meeting."""
