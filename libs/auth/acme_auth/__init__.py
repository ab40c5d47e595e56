"""Tokens per audience, passwords, principals and sessions."""
