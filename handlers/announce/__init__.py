"""Announcements: what officers write to many."""
