"""`acme seed --scale`: a database of the size that speed is measured at; the same rows for the same size."""
