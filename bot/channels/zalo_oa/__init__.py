"""A Zalo Official Account: webhook in, messages of its interface for developers out."""
