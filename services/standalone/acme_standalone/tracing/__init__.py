"""`acme trace`: one upload, from the browser's request to the recognized photo, as a trace that was made."""
