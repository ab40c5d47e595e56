"""Streamed bodies: aws-chunked, signed and unsigned, with and without trailers."""

import base64
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256

import httpx
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st
from mypy_boto3_s3 import S3Client

from acme_standalone.objectstore.chunked import ChunkedDecoder
from acme_standalone.objectstore.claims import Scope
from acme_standalone.objectstore.errors import S3Error
from acme_standalone.objectstore.sigv4 import ChunkSigner, signing_key
from tests.services.standalone.objectstore.signing import Signer, error_code

SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
SIGNED_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"

# The examples that AWS publishes for signed streams.
EXAMPLE_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
EXAMPLE_SCOPE = Scope("AKIAIOSFODNN7EXAMPLE", "20130524", "us-east-1", "s3", "aws4_request")
EXAMPLE_TIME = datetime(2013, 5, 24, tzinfo=UTC)
EXAMPLE_CHUNKS = [b"a" * 65_536, b"a" * 1024, b""]


def example_signer(seed: str) -> ChunkSigner:
    return ChunkSigner(signing_key(EXAMPLE_SECRET, EXAMPLE_SCOPE), EXAMPLE_TIME, EXAMPLE_SCOPE, seed)


def signatures(signer: ChunkSigner, chunks: Iterable[bytes]) -> list[str]:
    found = []
    for chunk in chunks:
        found.append(signer.chunk_signature(sha256(chunk).hexdigest()))
        signer = signer.after(found[-1])
    return found


def test_chunk_signatures_are_those_of_the_published_example() -> None:
    signer = example_signer("4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9")
    assert signatures(signer, EXAMPLE_CHUNKS) == [
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ]


def test_trailer_signature_is_that_of_the_published_example() -> None:
    signer = example_signer("106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e")
    last = signatures(signer, EXAMPLE_CHUNKS)[-1]
    assert last == "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992"
    trailer = b"x-amz-checksum-crc32c:sOO8/Q==\n"
    expected = "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435"
    assert signer.after(last).trailer_signature(trailer) == expected


def crc32(body: bytes) -> str:
    return base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()


def unsigned(chunks: Iterable[bytes], trailer: str = "") -> bytes:
    sized = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return sized + b"0\r\n" + (f"{trailer}\r\n".encode() if trailer else b"") + b"\r\n"


def signed(chunks: list[bytes], signer: ChunkSigner, trailer: str = "") -> bytes:
    found = signatures(signer, [*chunks, b""])
    head = b"".join(
        b"%x;chunk-signature=%s\r\n%s\r\n" % (len(chunk), signature.encode(), chunk)
        for chunk, signature in zip(chunks, found, strict=False)
    )
    end = f"0;chunk-signature={found[-1]}\r\n"
    if trailer:
        signature = signer.after(found[-1]).trailer_signature(f"{trailer}\n".encode())
        end += f"{trailer}\r\nx-amz-trailer-signature:{signature}\r\n"
    return head + end.encode() + b"\r\n"


# The decoder by itself


@given(chunks=st.lists(st.binary(min_size=1, max_size=50), max_size=5), step=st.integers(1, 40))
def test_pieces_may_be_cut_anywhere(chunks: list[bytes], step: int) -> None:
    encoded = unsigned(chunks, "x-amz-checksum-crc32:AAAA")
    decoder = ChunkedDecoder(None)
    decoded = b"".join(decoder.feed(encoded[at : at + step]) for at in range(0, len(encoded), step))
    assert decoded == b"".join(chunks)
    assert decoder.finish(expects_trailer=True) == {"x-amz-checksum-crc32": "AAAA"}


@given(chunks=st.lists(st.binary(min_size=1, max_size=20), max_size=3), data=st.data())
def test_any_cut_is_noticed(chunks: list[bytes], data: st.DataObject) -> None:
    encoded = unsigned(chunks)
    decoder = ChunkedDecoder(None)
    decoder.feed(encoded[: data.draw(st.integers(0, len(encoded) - 1))])
    with pytest.raises(S3Error, match="IncompleteBody"):
        decoder.finish(expects_trailer=False)


@given(position=st.integers(0, 299), flip=st.integers(1, 255))
def test_any_flipped_byte_of_a_signed_stream_is_noticed(position: int, flip: int) -> None:
    signer = example_signer("0" * 64)
    encoded = bytearray(signed([b"first chunk", b"second"], signer))
    encoded[position % len(encoded)] ^= flip
    decoder = ChunkedDecoder(signer)

    def decode() -> bytes:
        decoded = decoder.feed(bytes(encoded))
        decoder.finish(expects_trailer=False)
        return decoded

    try:
        assert decode() == b"first chunksecond"  # the case of a hexadecimal size says nothing else
    except S3Error:
        return
    assert bytes(encoded).lower() == signed([b"first chunk", b"second"], signer)


# Over HTTP


def streamed_headers(
    signer: Signer, url: str, payload: str, decoded_length: int, trailer: str = ""
) -> dict[str, str]:
    """botocore signs a seed like any request, once told what stands for the payload."""

    class StreamingAuth(S3SigV4Auth):
        def payload(self, _request: AWSRequest) -> str:
            return payload

    headers = {"content-encoding": "aws-chunked", "x-amz-decoded-content-length": str(decoded_length)}
    if trailer:
        headers["x-amz-trailer"] = trailer
    request = AWSRequest("PUT", url, headers=headers)
    StreamingAuth(Credentials(signer.access_key_id, signer.secret), "s3", signer.region).add_auth(request)
    return dict(request.headers.items())


def chunk_signer(signer: Signer, headers: dict[str, str]) -> ChunkSigner:
    signed_at = datetime.strptime(headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    scope = Scope(signer.access_key_id, f"{signed_at:%Y%m%d}", signer.region, "s3", "aws4_request")
    seed = headers["Authorization"].rpartition("Signature=")[2]
    return ChunkSigner(signing_key(signer.secret, scope), signed_at, scope, seed)


def stored(s3: S3Client, bucket: str) -> list[bytes]:
    entries = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    return [s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read() for entry in entries]


CHUNKS = [b"a" * 65_536, b"b" * 1000]
BODY = b"".join(CHUNKS)
CHECKSUM = f"x-amz-checksum-crc32:{crc32(BODY)}"


def put_signed(
    signer: Signer, bucket: str, *, trailer: str = "", damage: tuple[bytes, bytes] = (b"", b"")
) -> httpx.Response:
    url = signer.url(bucket, "object")
    payload = SIGNED_TRAILER if trailer else SIGNED
    headers = streamed_headers(signer, url, payload, len(BODY), trailer.partition(":")[0])
    encoded = signed(CHUNKS, chunk_signer(signer, headers), trailer).replace(*damage, 1)
    return httpx.put(url, content=encoded, headers=headers)


@pytest.mark.parametrize("trailer", ["", CHECKSUM], ids=["plain", "trailer"])
def test_signed_stream_is_stored(signer: Signer, our_s3: S3Client, our_bucket: str, trailer: str) -> None:
    assert put_signed(signer, our_bucket, trailer=trailer).status_code == 200
    assert stored(our_s3, our_bucket) == [BODY]
    assert "ContentEncoding" not in our_s3.head_object(Bucket=our_bucket, Key="object")


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        ((b"10000;", b"10001;"), "SignatureDoesNotMatch"),
        ((b"b" * 65, b"X" * 65), "SignatureDoesNotMatch"),  # longer than any signature in hexadecimal
        ((b";chunk-signature=", b";chunk-signature=0"), "InvalidRequest"),
        ((b"0;chunk-signature=", b"0;no-signature="), "InvalidRequest"),
        ((CHECKSUM[-8:].encode(), b"AAAAAA=="), "SignatureDoesNotMatch"),
        ((b"x-amz-trailer-signature:", b"x-amz-other:"), "SignatureDoesNotMatch"),
    ],
    ids=["frame", "data", "signature", "no signature", "trailer", "no trailer signature"],
)
def test_damaged_signed_stream_is_refused(
    signer: Signer, our_s3: S3Client, our_bucket: str, damage: tuple[bytes, bytes], code: str
) -> None:
    response = put_signed(signer, our_bucket, trailer=CHECKSUM, damage=damage)
    assert error_code(response) == code
    assert stored(our_s3, our_bucket) == []


@pytest.mark.parametrize(
    ("encoded", "length", "code"),
    [
        (unsigned([b"body"], f"x-amz-checksum-crc32:{crc32(b'other')}"), 4, "BadDigest"),
        (unsigned([b"body"], "x-amz-checksum-sha1:AAAA"), 4, "InvalidDigest"),
        (unsigned([b"body"]), 4, "InvalidDigest"),
        (unsigned([b"body"], f"x-amz-checksum-crc32:{crc32(b'body')}"), 3, "IncompleteBody"),
        (unsigned([b"body"], f"x-amz-checksum-crc32:{crc32(b'body')}"), 5, "IncompleteBody"),
        (unsigned([b"body"])[:-9], 4, "IncompleteBody"),
        (unsigned([b"body"]) + b"more", 4, "IncompleteBody"),
        (b"body", 4, "IncompleteBody"),
        (b"zz\r\nbody\r\n", 4, "InvalidRequest"),
        (b"f" * 5000, 4, "InvalidRequest"),
    ],
    ids=["other", "another", "none", "longer", "shorter", "cut", "trailing", "bare", "size", "endless"],
)
def test_malformed_unsigned_stream_is_refused(
    signer: Signer, our_s3: S3Client, our_bucket: str, encoded: bytes, length: int, code: str
) -> None:
    url = signer.url(our_bucket, "object")
    headers = streamed_headers(signer, url, UNSIGNED_TRAILER, length, "x-amz-checksum-crc32")
    response = httpx.put(url, content=encoded, headers=headers)
    assert (response.status_code, error_code(response)) == (400, code)
    assert stored(our_s3, our_bucket) == []


def test_signed_stream_without_chunk_signatures_is_refused(
    signer: Signer, our_s3: S3Client, our_bucket: str
) -> None:
    url = signer.url(our_bucket, "object")
    headers = streamed_headers(signer, url, SIGNED, len(BODY))
    assert error_code(httpx.put(url, content=unsigned(CHUNKS), headers=headers)) == "InvalidRequest"
    assert stored(our_s3, our_bucket) == []
