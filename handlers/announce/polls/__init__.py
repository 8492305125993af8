"""Announcements that ask for an opinion."""
