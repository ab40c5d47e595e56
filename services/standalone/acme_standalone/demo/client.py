"""The APIs, as a web app would call them."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self, TypeVar

import httpx

from acme_standalone.demo.narrator import DemoFailedError

T = TypeVar("T")
Json = dict[str, Any]
Expected = HTTPStatus | tuple[HTTPStatus, ...]

CONTENT_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".avif": "image/avif",
}


@dataclass(frozen=True)
class Caller:
    """One service, as somebody who may be signed in. Answers other than `expect` end the demo."""

    http: httpx.Client
    base: str
    token: str | None = None

    def signed_in(self, token: str) -> Self:
        return type(self)(self.http, self.base, token)

    def call(
        self, method: str, path: str, body: Json | None = None, *, expect: Expected = HTTPStatus.OK
    ) -> Json:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = self.http.request(method, f"{self.base}/v1{path}", json=body, headers=headers)
        expected = (expect,) if isinstance(expect, HTTPStatus) else expect
        if answer.status_code not in expected:
            raise DemoFailedError(
                f"{method} {self.base}/v1{path} answered {answer.status_code}, "
                f"not {' or '.join(str(status.value) for status in expected)}: {answer.text}"
            )
        return answer.json() if answer.content else {}

    def get(self, path: str) -> Json:
        return self.call("GET", path)

    def create(self, path: str, body: Json) -> Json:
        return self.call("POST", path, body, expect=HTTPStatus.CREATED)


def put_file(http: httpx.Client, upload: Mapping[str, Any], path: Path) -> None:
    """Straight to the object store, with the headers that the URL was signed for.

    412 says that the file is there already: sent before, or at the same moment by a double.
    """
    answer = http.put(upload["url"], content=path.read_bytes(), headers=dict(upload["headers"]))
    if not answer.is_success and answer.status_code != HTTPStatus.PRECONDITION_FAILED:
        raise DemoFailedError(f"the object store refused {path.name}: {answer.status_code} {answer.text}")


def content_type_of(path: Path) -> str | None:
    return CONTENT_TYPES.get(path.suffix.lower())


def wait_for(what: str, probe: Callable[[], T | None], *, timeout_s: float = 180.0) -> T:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        found = probe()
        if found is not None:
            return found
        time.sleep(0.25)
    raise DemoFailedError(f"{what} did not happen within {timeout_s:.0f} s")
