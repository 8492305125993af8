"""A bot of Zalo's bot platform."""
