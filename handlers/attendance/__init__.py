"""Who was at a meeting: checking in by a code, the list that officers keep, and the papers."""
