"""The officers' web page, without the web: who may come in, by what second factor, and what they may do."""
