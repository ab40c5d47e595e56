"""Our verification and our listing, against independent implementations, over generated input."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from acme_standalone.objectstore.bucket_queries import create_bucket
from acme_standalone.objectstore.checksums import ALGORITHMS
from acme_standalone.objectstore.errors import S3Error
from acme_standalone.objectstore.index import Index
from acme_standalone.objectstore.listing import ListingQuery, list_page
from acme_standalone.objectstore.object_queries import WriteCondition, put_object
from acme_standalone.objectstore.records import Content
from acme_standalone.objectstore.request import S3Request, read_request
from acme_standalone.objectstore.sigv4 import Verifier

CREDENTIALS = Credentials("key/with/slashes", "secret")
VERIFIER = Verifier(CREDENTIALS.access_key, CREDENTIALS.secret_key, "auto", timedelta(minutes=15))
BASE = "http://store.example:9000"

text = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=40
)
keys = text | st.text(st.sampled_from("aB0-._~/+ %&=?#@:;,!$'()*[]"), min_size=1, max_size=40)
parameters = text.filter(lambda name: not name.startswith("X-Amz-"))
"""What starts so is the signature's own, and refused when it is given twice: see the test of that."""
queries = st.lists(
    st.tuples(parameters, st.text(st.characters(exclude_categories=["Cs"]), max_size=20)), max_size=4
)
header_values = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=30)


async def no_body() -> Message:
    raise AssertionError("verification must not read the body")


def as_received(request: AWSRequest) -> S3Request:
    """The request as a server sees it: raw path, raw query, header bytes."""
    parts = urlsplit(str(request.url))
    headers = {"Host": parts.netloc, **dict(request.headers.items())}
    scope = {
        "type": "http",
        "method": request.method,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "headers": [(name.lower().encode(), str(value).encode()) for name, value in headers.items()],
    }
    return read_request(scope, no_body)


def url_of(key: str, query: list[tuple[str, str]]) -> str:
    encoded = urlencode(query, quote_via=quote, safe="-_.~")
    return f"{BASE}/bucket/{quote(key, safe='/~')}" + (f"?{encoded}" if encoded else "")


@given(key=keys, query=queries, value=header_values)
def test_header_signature_of_botocore_is_verified(key: str, query: list[tuple[str, str]], value: str) -> None:
    request = AWSRequest("PUT", url_of(key, query), headers={"X-Amz-Meta-A": value}, data=b"body")
    S3SigV4Auth(CREDENTIALS, "s3", "auto").add_auth(request)
    received = as_received(request)
    VERIFIER.verify(received, datetime.now(UTC))
    assert received.key == key
    assert received.query.pairs == tuple(query)


@given(key=keys, query=queries, value=header_values)
def test_query_signature_of_botocore_is_verified(key: str, query: list[tuple[str, str]], value: str) -> None:
    headers = {"content-type": f"x/{value}", "content-length": "4", "if-none-match": "*"}
    request = AWSRequest("PUT", url_of(key, query), headers=headers)
    S3SigV4QueryAuth(CREDENTIALS, "s3", "auto", expires=60).add_auth(request)
    VERIFIER.verify(as_received(request), datetime.now(UTC))


def test_what_is_given_twice_of_a_signature_is_refused() -> None:
    request = AWSRequest("GET", url_of("key", [("X-Amz-SignedHeaders", "")]))
    S3SigV4QueryAuth(CREDENTIALS, "s3", "auto", expires=60).add_auth(request)
    with pytest.raises(S3Error, match="more than once"):
        VERIFIER.verify(as_received(request), datetime.now(UTC))


@given(key=keys, other=keys)
def test_signature_of_one_key_opens_no_other(key: str, other: str) -> None:
    request = AWSRequest("GET", url_of(key, []))
    S3SigV4QueryAuth(CREDENTIALS, "s3", "auto", expires=60).add_auth(request)
    query = urlsplit(str(request.url)).query
    moved = as_received(AWSRequest("GET", f"{url_of(other, [])}?{query}"))
    if other == key:
        VERIFIER.verify(moved, datetime.now(UTC))
    else:
        with pytest.raises(S3Error, match="SignatureDoesNotMatch"):
            VERIFIER.verify(moved, datetime.now(UTC))


def test_plus_in_a_query_is_a_space_and_in_a_path_is_itself() -> None:
    request = AWSRequest("GET", f"{BASE}/bucket/a%2Bb?prefix=a%20b%2Bc&empty=")
    S3SigV4Auth(CREDENTIALS, "s3", "auto").add_auth(request)
    as_browsers_write_it = AWSRequest(
        "GET", f"{BASE}/bucket/a+b?prefix=a+b%2bc&empty", headers=dict(request.headers.items())
    )
    received = as_received(as_browsers_write_it)
    VERIFIER.verify(received, datetime.now(UTC))
    assert (received.key, received.query.get("prefix"), received.query.get("empty")) == ("a+b", "a b+c", "")


def test_encoded_slash_does_not_leave_the_bucket() -> None:
    with pytest.raises(S3Error, match="InvalidBucketName"):
        as_received(AWSRequest("GET", f"{BASE}/bucket%2Fother/key"))


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [("crc32", "cbf43926"), ("crc32c", "e3069283"), ("crc64nvme", "ae8b14860a799888")],
)
def test_checksum_of_the_catalogues_check_string(algorithm: str, expected: str) -> None:
    digest = ALGORITHMS[algorithm]()
    digest.update(b"1234")
    digest.update(b"56789")
    assert digest.digest().hex() == expected


# Listing against a model


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    opened = Index(Path(tmp_path_factory.mktemp("index")) / "index.sqlite3")
    yield opened
    opened.close()


short_keys = st.text(st.sampled_from("ab/\u00fc\U0010ffff"), min_size=1, max_size=5)
prefixes = st.text(st.sampled_from("ab/\u00fc\U0010ffff"), max_size=3)


def model(keys: set[str], prefix: str, delimiter: str, start_after: str) -> list[str]:
    """Names in order, by the definition: keys, or what they share up to the delimiter."""
    names = set()
    for key in keys:
        if key.startswith(prefix) and key.encode() > start_after.encode():
            head, found, _ = key[len(prefix) :].partition(delimiter) if delimiter else (key, "", "")
            names.add(prefix + head + found if found else key)
    return sorted(names, key=str.encode)


def fill(connection: sqlite3.Connection, keys: set[str]) -> None:
    connection.execute("DELETE FROM objects")
    connection.execute("DELETE FROM buckets")
    for bucket in ("bucket", "neighbour"):
        create_bucket(connection, bucket)
    for number, key in enumerate(keys):
        put_object(connection, "bucket", key, Content(f"{number}", 0, "", None), {}, WriteCondition())
    put_object(connection, "neighbour", "a", Content("neighbour", 0, "", None), {}, WriteCondition())


@given(
    keys=st.sets(short_keys, max_size=12),
    prefix=prefixes,
    delimiter=st.sampled_from(["", "/", "ab"]),
    start_after=prefixes,
    page_size=st.integers(1, 4),
)
def test_pages_agree_with_the_model(
    index: Index, keys: set[str], prefix: str, delimiter: str, start_after: str, page_size: int
) -> None:
    with index.write() as connection:
        fill(connection, keys)
        start, names = f"{start_after}\0".encode() if start_after else b"", []
        for _ in range(len(keys) + 1):
            query = ListingQuery(prefix.encode(), delimiter.encode(), start, page_size)
            page = list_page(connection, "bucket", query)
            assert page.count <= page_size
            listed = [record.key.encode() for record in page.entries] + page.common_prefixes
            names += sorted(listed)
            if page.next_position is None:
                break
            start = page.next_position
    assert [name.decode() for name in names] == model(keys, prefix, delimiter, start_after)
