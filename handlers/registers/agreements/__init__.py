"""Collective agreements, beside the conferences that are kept as meetings and duties."""
