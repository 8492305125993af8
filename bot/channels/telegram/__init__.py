"""Telegram: polling or webhook in, the Bot API out."""
