"""What the endpoint refuses: too much, malformed, or not implemented. Never silently less than was asked."""

import httpx
import pytest
from botocore.exceptions import ClientError
from mypy_boto3_s3 import S3Client

from tests.services.standalone.objectstore.endpoints import Endpoint, new_bucket_name
from tests.services.standalone.objectstore.signing import Signer, error_code


def signed(
    signer: Signer, method: str, url: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> httpx.Response:
    signed_headers = signer.headers(method, url, headers=headers, body=body)
    return httpx.request(method, url, content=body, headers=signed_headers)


@pytest.mark.parametrize(
    ("method", "key", "query"),
    [
        ("GET", "", ""),
        ("GET", "", "versioning="),
        ("PUT", "", "policy="),
        ("POST", "", ""),
        ("GET", "object", "acl="),
        ("PUT", "object", "acl="),
        ("PUT", "object", "tagging"),
        ("PUT", "object", "partNumber=1"),
        ("GET", "object", "versionId=1"),
        ("PATCH", "object", ""),
    ],
)
def test_unsupported_operation_is_not_implemented(
    signer: Signer, our_s3: S3Client, our_bucket: str, method: str, key: str, query: str
) -> None:
    our_s3.put_object(Bucket=our_bucket, Key="object", Body=b"untouched")
    response = signed(signer, method, signer.url(our_bucket, key, query), b"<x/>")
    assert (response.status_code, error_code(response)) == (501, "NotImplemented")
    assert our_s3.get_object(Bucket=our_bucket, Key="object")["Body"].read() == b"untouched"


@pytest.mark.parametrize(
    "header",
    [
        {"x-amz-server-side-encryption": "AES256"},
        {"x-amz-acl": "public-read"},
        {"x-amz-storage-class": "GLACIER"},
        {"x-amz-tagging": "a=b"},
        {"x-amz-object-lock-mode": "GOVERNANCE"},
        {"if-none-match": '"0123"'},
    ],
    ids=lambda header: next(iter(header)),
)
def test_unsupported_header_is_not_implemented(
    signer: Signer, our_s3: S3Client, our_bucket: str, header: dict[str, str]
) -> None:
    response = signed(signer, "PUT", signer.url(our_bucket, "object"), b"1", header)
    assert (response.status_code, error_code(response)) == (501, "NotImplemented")
    assert our_s3.list_objects_v2(Bucket=our_bucket)["KeyCount"] == 0


@pytest.mark.parametrize("name", ["ab", "UPPER", "a_b", "a.b", "-ab", "ab-", "a" * 64, "a%2Fb", "%2e%2e"])
def test_name_that_is_no_bucket_is_refused(signer: Signer, ours: Endpoint, name: str) -> None:
    url = f"{ours.url}/{name}"
    response = httpx.put(url, headers=signer.headers("PUT", url))
    assert (response.status_code, error_code(response)) == (400, "InvalidBucketName")


def test_bucket_of_another_region_is_refused(our_s3: S3Client) -> None:
    elsewhere = {"LocationConstraint": "eu-central-1"}
    with pytest.raises(ClientError, match="InvalidLocationConstraint"):
        our_s3.create_bucket(Bucket=new_bucket_name(), CreateBucketConfiguration=elsewhere)  # type: ignore[arg-type]  # a plain dict


def test_location_of_a_bucket_is_the_only_region(our_s3: S3Client, our_bucket: str) -> None:
    location: str = our_s3.get_bucket_location(Bucket=our_bucket)["LocationConstraint"]
    assert location == "auto"


def test_longest_key_is_taken_and_a_longer_one_refused(our_s3: S3Client, our_bucket: str) -> None:
    longest = "ü" * 512
    our_s3.put_object(Bucket=our_bucket, Key=longest, Body=b"1")
    assert our_s3.get_object(Bucket=our_bucket, Key=longest)["Body"].read() == b"1"
    with pytest.raises(ClientError, match="KeyTooLongError"):
        our_s3.put_object(Bucket=our_bucket, Key=longest + "a", Body=b"1")


@pytest.mark.parametrize("raw_key", [b"a%00b", b"a%ffb", b"a%1fb"], ids=["nul", "not utf-8", "control"])
def test_key_that_no_listing_could_carry_is_refused(
    signer: Signer, ours: Endpoint, our_bucket: str, raw_key: bytes
) -> None:
    url = f"{ours.url}/{our_bucket}/{raw_key.decode()}"
    response = httpx.put(url, content=b"1", headers=signer.headers("PUT", url, body=b"1"))
    assert response.status_code == 400


def test_line_feeds_and_carriage_returns_in_a_key_survive(our_s3: S3Client, our_bucket: str) -> None:
    key = "a\r\nb\nc\td"
    our_s3.put_object(Bucket=our_bucket, Key=key, Body=b"1")
    assert our_s3.list_objects_v2(Bucket=our_bucket)["Contents"][0]["Key"] == key
    deleted = our_s3.delete_objects(Bucket=our_bucket, Delete={"Objects": [{"Key": key}]})
    assert deleted["Deleted"][0]["Key"] == key


def test_too_much_metadata_is_refused(our_s3: S3Client, our_bucket: str) -> None:
    our_s3.put_object(Bucket=our_bucket, Key="object", Body=b"1", Metadata={"a": "x" * 2047})
    with pytest.raises(ClientError, match="MetadataTooLarge"):
        our_s3.put_object(Bucket=our_bucket, Key="object", Body=b"2", Metadata={"a": "x" * 2048})
    assert our_s3.get_object(Bucket=our_bucket, Key="object")["Body"].read() == b"1"


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<Delete>",
        b"<Other/>",
        b"<Delete/>",
        b"<Delete><Object/></Delete>",
        b'<!DOCTYPE Delete [<!ENTITY a "aaaa">]><Delete><Object><Key>&a;</Key></Object></Delete>',
        b"<Delete>" + b"<Object><Key>a</Key></Object>" * 1001 + b"</Delete>",
    ],
    ids=["empty", "unclosed", "other", "no keys", "no key", "document type", "too many"],
)
def test_malformed_document_is_refused(signer: Signer, our_bucket: str, document: bytes) -> None:
    response = signed(signer, "POST", signer.url(our_bucket, query="delete="), document)
    assert (response.status_code, error_code(response)) == (400, "MalformedXML")


def test_deletion_of_versions_is_not_implemented(our_s3: S3Client, our_bucket: str) -> None:
    our_s3.put_object(Bucket=our_bucket, Key="kept", Body=b"1")
    with pytest.raises(ClientError, match="NotImplemented"):
        our_s3.delete_objects(Bucket=our_bucket, Delete={"Objects": [{"Key": "kept", "VersionId": "1"}]})
    our_s3.head_object(Bucket=our_bucket, Key="kept")


@pytest.mark.parametrize(
    "query",
    ["max-keys=-1", "max-keys=many", "max-keys=%C2%B2", "continuation-token=%21", "encoding-type=xml"],
)
def test_unreadable_listing_parameter_is_refused(signer: Signer, our_bucket: str, query: str) -> None:
    response = signed(signer, "GET", signer.url(our_bucket, query=f"list-type=2&{query}"))
    assert (response.status_code, error_code(response)) == (400, "InvalidArgument")


def test_page_of_no_keys_is_empty_and_complete(our_s3: S3Client, our_bucket: str) -> None:
    our_s3.put_object(Bucket=our_bucket, Key="object", Body=b"1")
    page = our_s3.list_objects_v2(Bucket=our_bucket, MaxKeys=0)
    assert (page["KeyCount"], page["IsTruncated"]) == (0, False)


@pytest.mark.parametrize("number", [0, 10_001])
def test_part_number_beyond_the_limits_is_refused(our_s3: S3Client, our_bucket: str, number: int) -> None:
    upload_id = our_s3.create_multipart_upload(Bucket=our_bucket, Key="big")["UploadId"]
    with pytest.raises(ClientError, match="InvalidArgument"):
        our_s3.upload_part(Bucket=our_bucket, Key="big", UploadId=upload_id, PartNumber=number, Body=b"1")


def test_upload_id_is_good_for_one_key(our_s3: S3Client, our_bucket: str) -> None:
    upload_id = our_s3.create_multipart_upload(Bucket=our_bucket, Key="big")["UploadId"]
    with pytest.raises(ClientError, match="NoSuchUpload"):
        our_s3.upload_part(Bucket=our_bucket, Key="other", UploadId=upload_id, PartNumber=1, Body=b"1")


def test_copy_onto_itself_without_a_change_is_refused(our_s3: S3Client, our_bucket: str) -> None:
    our_s3.put_object(Bucket=our_bucket, Key="object", Body=b"1")
    source = {"Bucket": our_bucket, "Key": "object"}
    with pytest.raises(ClientError, match="InvalidRequest"):
        our_s3.copy_object(Bucket=our_bucket, Key="object", CopySource=source)  # type: ignore[arg-type]  # a plain dict


def test_response_header_cannot_be_broken_out_of(signer: Signer, our_s3: S3Client, our_bucket: str) -> None:
    our_s3.put_object(Bucket=our_bucket, Key="object", Body=b"1")
    query = "response-content-type=text%2Fhtml%0D%0Aset-cookie%3A%20a%3Db"
    response = httpx.get(signer.presign("GET", signer.url(our_bucket, "object", query)))
    assert (response.status_code, error_code(response)) == (400, "InvalidArgument")
    assert "set-cookie" not in response.headers


def test_download_resumes_only_what_it_began(our_s3: S3Client, our_bucket: str, signer: Signer) -> None:
    etag = our_s3.put_object(Bucket=our_bucket, Key="object", Body=b"0123456789")["ETag"]
    url = signer.presign("GET", signer.url(our_bucket, "object"))
    same = httpx.get(url, headers={"range": "bytes=5-", "if-range": etag})
    assert (same.status_code, same.content) == (206, b"56789")
    other = httpx.get(url, headers={"range": "bytes=5-", "if-range": '"0123"'})
    assert (other.status_code, other.content) == (200, b"0123456789")
