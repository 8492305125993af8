"""The desk: the officers' web page, and what its scripts ask for."""
