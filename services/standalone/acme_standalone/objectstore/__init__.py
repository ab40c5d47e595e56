"""A small S3 endpoint that stands in for Cloudflare R2 on one machine."""

from acme_standalone.objectstore.app import create_app
from acme_standalone.objectstore.settings import Limits, ObjectStoreSettings, StandInRefusedError

__all__ = ["Limits", "ObjectStoreSettings", "StandInRefusedError", "create_app"]
