"""What officers do about a meeting that is called already."""
