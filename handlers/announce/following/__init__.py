"""What officers see of an announcement, and do about it."""
