"""AWS Rekognition. It cannot read our object store, so it is sent JPEG bytes."""

from acme_media.faces.rekognition.engine import RekognitionEngine
from acme_media.faces.rekognition.naming import collection_id

__all__ = ["RekognitionEngine", "collection_id"]
