"""Errors, pages, clock, ids and logging. No I/O."""
