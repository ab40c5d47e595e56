from importlib.metadata import version

VERSION = version("acme-core")
"""Of the platform, as of each of its packages: in OpenAPI documents, in traces, on the status page."""
