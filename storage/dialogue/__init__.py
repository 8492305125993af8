"""Themes, and the dialogue between the two sides."""
