"""One's own calendar as a file that telephones subscribe to, under a secret address."""
