"""Finding and comparing faces. Knows nothing of the database."""
