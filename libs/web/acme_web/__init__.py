"""The FastAPI shell that every service shares."""
