"""What the main worker does."""
