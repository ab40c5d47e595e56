"""What the media workers do."""
