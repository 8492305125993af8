"""Certificates for who passed: a paper to print, and what its QR code's page tells."""
