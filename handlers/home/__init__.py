"""The menu, help, and a kind answer to whatever no feature asked for."""
