"""Officers' training: who attended which course, and who lacks it."""
