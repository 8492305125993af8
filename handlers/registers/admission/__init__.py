"""Recruits, their applications, and what the committee decided."""
