"""Meetings: called, asked about, reminded of, moved and cancelled."""
