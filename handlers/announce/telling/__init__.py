"""Whoever an announcement missed, told in person by their leader."""
