"""Concerns that workers hand in confidentially, their receipts, and the answers."""
