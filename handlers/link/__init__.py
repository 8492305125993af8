"""Linking a chat account to a person on the roster: invitation, consent, relinking."""
