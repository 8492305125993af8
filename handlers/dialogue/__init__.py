"""Themes in the union's own words, and the dialogue between the two sides."""
