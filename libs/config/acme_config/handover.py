"""How a port outlives the process that answers on it."""

LISTEN_FD = "ACME_LISTEN_FD"
"""A listening socket that a process inherits, by its number. What comes while none accepts waits in it."""
