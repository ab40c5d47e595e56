"""The ports, secrets and environment of the embedded platform."""
