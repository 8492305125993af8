"""One's own record and data: to see, to take along, to withdraw."""
