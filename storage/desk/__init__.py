"""The officers' web page: ways in, sessions, second factors, and what was done there."""
