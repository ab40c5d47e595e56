"""CORS rules of a bucket: their XML, their matching, the headers that they allow."""

import json
from dataclasses import asdict, dataclass
from typing import Self

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from acme_standalone.objectstore import documents
from acme_standalone.objectstore.bucket_queries import get_bucket, set_cors
from acme_standalone.objectstore.call import Call, xml_response
from acme_standalone.objectstore.errors import ErrorCode, S3Error
from acme_standalone.objectstore.index import Index
from acme_standalone.objectstore.request import S3Request

_METHODS = frozenset({"GET", "PUT", "POST", "DELETE", "HEAD"})
_MOST_RULES = 100
_LONGEST_NUMBER = 9
_VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"


@dataclass(frozen=True, slots=True)
class CorsRule:
    origins: tuple[str, ...]
    methods: tuple[str, ...]
    headers: tuple[str, ...]
    exposed: tuple[str, ...]
    max_age_s: int | None

    @classmethod
    def read(cls, element: documents.Element) -> Self:
        rule = cls(
            origins=_texts(element, "AllowedOrigin"),
            methods=_texts(element, "AllowedMethod"),
            headers=_texts(element, "AllowedHeader"),
            exposed=_texts(element, "ExposeHeader"),
            max_age_s=_seconds(element.findtext("MaxAgeSeconds")),
        )
        patterns = (*rule.origins, *rule.headers)
        if not rule.origins or not rule.methods or any(pattern.count("*") > 1 for pattern in patterns):
            raise S3Error(ErrorCode.MALFORMED_XML, "A rule needs origins and methods, with one * in each.")
        if not _METHODS.issuperset(rule.methods):
            raise S3Error(ErrorCode.INVALID_REQUEST, "Found an unsupported HTTP method in the CORS rules.")
        return rule

    def children(self) -> documents.Children:
        age = [] if self.max_age_s is None else [("MaxAgeSeconds", str(self.max_age_s))]
        return [
            *[("AllowedOrigin", origin) for origin in self.origins],
            *[("AllowedMethod", method) for method in self.methods],
            *[("AllowedHeader", header) for header in self.headers],
            *[("ExposeHeader", header) for header in self.exposed],
            *age,
        ]

    def allows(self, origin: str, method: str, requested_headers: list[str]) -> bool:
        return (
            method in self.methods
            and any(_fits(origin, pattern) for pattern in self.origins)
            and all(any(_fits(h, p.lower()) for p in self.headers) for h in requested_headers)
        )

    def response_headers(self, origin: str) -> dict[str, str]:
        headers = {"access-control-allow-origin": "*" if "*" in self.origins else origin, "vary": _VARY}
        if self.exposed:
            headers["access-control-expose-headers"] = ", ".join(self.exposed)
        return headers

    def preflight_headers(self, origin: str, requested_headers: list[str]) -> dict[str, str]:
        headers = self.response_headers(origin)
        headers["access-control-allow-methods"] = ", ".join(self.methods)
        if requested_headers:
            headers["access-control-allow-headers"] = ", ".join(requested_headers)
        if self.max_age_s is not None:
            headers["access-control-max-age"] = str(self.max_age_s)
        return headers


def _texts(element: documents.Element, name: str) -> tuple[str, ...]:
    texts = tuple((child.text or "").strip() for child in element.iterfind(name))
    if not all(text.isascii() and text.isprintable() and text for text in texts):
        raise S3Error(ErrorCode.MALFORMED_XML, f"{name} must be a non-empty text in ASCII.")
    return texts


def _seconds(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > _LONGEST_NUMBER:
        raise S3Error(ErrorCode.MALFORMED_XML, "MaxAgeSeconds must be a number of seconds.")
    return int(text)


def _fits(text: str, pattern: str) -> bool:
    start, star, end = pattern.partition("*")
    if not star:
        return text == pattern
    return len(text) >= len(start) + len(end) and text.startswith(start) and text.endswith(end)


async def put_bucket_cors(call: Call) -> Response:
    document = documents.parse(await call.read_document(), "CORSConfiguration")
    rules = [CorsRule.read(element) for element in document.iterfind("CORSRule")]
    if not 0 < len(rules) <= _MOST_RULES:
        raise S3Error(ErrorCode.MALFORMED_XML, f"Between 1 and {_MOST_RULES} rules make a configuration.")
    text = json.dumps([asdict(rule) for rule in rules])
    await run_in_threadpool(_save, call.store.index, call.request.bucket, text)
    return Response()


async def delete_bucket_cors(call: Call) -> Response:
    await run_in_threadpool(_save, call.store.index, call.request.bucket, None)
    return Response(status_code=204)


async def get_bucket_cors(call: Call) -> Response:
    rules = await run_in_threadpool(load_rules, call.store.index, call.request.bucket)
    if not rules:
        raise S3Error(ErrorCode.NO_SUCH_CORS)
    return xml_response("CORSConfiguration", [("CORSRule", rule.children()) for rule in rules])


def _save(index: Index, bucket: str, cors: str | None) -> None:
    with index.write() as connection:
        set_cors(connection, bucket, cors)


def load_rules(index: Index, bucket: str) -> list[CorsRule]:
    with index.read() as connection:
        text = get_bucket(connection, bucket).cors
    return [_restore(fields) for fields in json.loads(text)] if text else []


def _restore(fields: dict[str, list[str] | int | None]) -> CorsRule:
    lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    age = fields["max_age_s"]
    return CorsRule(
        lists["origins"],
        lists["methods"],
        lists["headers"],
        lists["exposed"],
        age if isinstance(age, int) else None,
    )


async def preflight(request: S3Request, index: Index) -> Response:
    """The answer to a browser that asks before it sends; never signed."""
    origin, method = request.header("origin"), request.header("access-control-request-method")
    if not origin or not method:
        raise S3Error(ErrorCode.INVALID_REQUEST, "Origin and Access-Control-Request-Method are required.")
    names = (request.header("access-control-request-headers") or "").lower().split(",")
    requested = [name.strip() for name in names if name.strip()]
    rule = await _matching_rule(request, index, method, requested)
    if rule is None:
        raise S3Error(ErrorCode.ACCESS_FORBIDDEN)
    return Response(headers=rule.preflight_headers(origin, requested))


async def response_headers(request: S3Request, index: Index) -> dict[str, str]:
    """Also on errors: a page that may not read them cannot tell an expired URL from a network fault."""
    origin = request.header("origin")
    if not origin:
        return {}
    rule = await _matching_rule(request, index, request.method, [])
    return rule.response_headers(origin) if rule else {}


async def _matching_rule(
    request: S3Request, index: Index, method: str, requested_headers: list[str]
) -> CorsRule | None:
    origin = request.header("origin") or ""
    try:
        rules = await run_in_threadpool(load_rules, index, request.bucket)
    except S3Error:  # a bucket that does not exist allows nothing, and says no more to a stranger
        return None
    return next((rule for rule in rules if rule.allows(origin, method, requested_headers)), None)
