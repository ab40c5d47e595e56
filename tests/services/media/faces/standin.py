"""The Rekognition engine over the stand-in."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import boto3
import httpx
from botocore.config import Config

from acme_media.faces.rekognition import RekognitionEngine

if TYPE_CHECKING:
    from mypy_boto3_rekognition import RekognitionClient


def client_of(url: str) -> "RekognitionClient":
    config = Config(retries={"total_max_attempts": 1})
    return boto3.client("rekognition", region_name="eu-central-1", endpoint_url=url, config=config)


def engine_of(url: str) -> RekognitionEngine:
    return RekognitionEngine(client_of(url))


def fail(url: str, operation: str, error: str, count: int = 1) -> None:
    """The operation's next calls fail with this error of AWS."""
    wish = {"operation": operation, "error": error, "count": count}
    httpx.post(f"{url}/_test/faults", json=wish).raise_for_status()


def calls_of(url: str) -> Mapping[str, int]:
    found: Mapping[str, int] = httpx.get(f"{url}/_test/calls").json()
    return found
