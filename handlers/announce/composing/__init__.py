"""The conversation that makes an announcement."""
