"""Concerns: handed in confidentially, and their answers read with a receipt."""
