"""The API of operators and photographers."""
