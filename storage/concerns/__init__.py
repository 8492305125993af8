"""Concerns: cases, what belongs to them, and those who may read them."""
