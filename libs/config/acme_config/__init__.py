"""Settings and names that every part of the platform agrees on."""
