"""An authenticated request on its way to the handler of its operation."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from acme_standalone.objectstore import documents
from acme_standalone.objectstore.body import BodyPlan, BodySink, plan_body, pour, read_document
from acme_standalone.objectstore.records import Checksum, Content
from acme_standalone.objectstore.request import S3Request
from acme_standalone.objectstore.settings import Limits
from acme_standalone.objectstore.sigv4 import Authorization
from acme_standalone.objectstore.store import ObjectStore


@dataclass(frozen=True, slots=True)
class Call:
    request: S3Request
    authorization: Authorization
    store: ObjectStore
    limits: Limits

    def plan_body(self) -> BodyPlan:
        return plan_body(self.request, self.authorization, self.limits.object_bytes)

    async def read_document(self) -> bytes:
        return await read_document(self.request, self.authorization, self.limits.document_bytes)

    async def receive_content(self, plan: BodyPlan) -> Content:
        """The body as a blob on disk, verified; no row names it yet."""
        writer = await run_in_threadpool(self.store.blobs.writer)
        try:
            received = await pour(self.request.receive, BodySink(plan, writer))
            blob_id = await run_in_threadpool(writer.commit)
        finally:
            await run_in_threadpool(writer.discard)
        checksum = Checksum(*received.checksum) if received.checksum else None
        return Content(blob_id, received.size, received.md5, checksum)


Handler: TypeAlias = Callable[[Call], Awaitable[Response]]


def xml_response(root: str, children: documents.Children) -> Response:
    return Response(documents.render(root, children), media_type="application/xml")


def quoted(etag: str) -> str:
    return f'"{etag}"'


def content_headers(content: Content) -> dict[str, str]:
    headers = {"etag": quoted(content.etag)}
    if content.checksum:
        headers[content.checksum.header] = content.checksum.value
        headers["x-amz-checksum-type"] = "FULL_OBJECT"
    return headers
