"""Conversations that live in memory alone."""
