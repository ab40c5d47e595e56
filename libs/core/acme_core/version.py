VERSION = "1.0.0"
"""Of the platform: in the OpenAPI documents, in traces, and on the status page."""
