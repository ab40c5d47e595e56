"""What S3 clients rely on, asked of our endpoint and of `rclone serve s3` alike."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import pytest
from botocore.exceptions import ClientError
from mypy_boto3_s3 import S3Client

from tests.services.standalone.objectstore.endpoints import Endpoint, new_bucket_name

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

MIB = 1024 * 1024
ODD_KEYS = [
    "plain.txt",
    "with space.txt",
    "a+b=c&d?e#f.txt",
    "percent%20and%41.txt",
    "ünïcödé/日本語/🙂.jpg",
    "quote'\"<>;:@!$*(),.txt",
    "~tilde_under-dash.txt",
    "deep/er/still/name",
]


def failure(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    response = error.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def listed_keys(s3: S3Client, bucket: str) -> list[str]:
    return [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]


def metadata_of(s3: S3Client, bucket: str, key: str) -> dict[str, str]:
    """Names in lower case: they travel as headers, whose case means nothing."""
    metadata = s3.head_object(Bucket=bucket, Key=key)["Metadata"]
    return {name.lower(): value for name, value in metadata.items()}


def put_all(s3: S3Client, bucket: str, keys: list[str]) -> None:
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())


# Buckets


def test_created_bucket_is_listed_and_found(s3: S3Client, bucket: str) -> None:
    assert bucket in {entry["Name"] for entry in s3.list_buckets()["Buckets"]}
    s3.head_bucket(Bucket=bucket)


def test_missing_bucket_is_not_found(s3: S3Client) -> None:
    with pytest.raises(ClientError) as error:
        s3.head_bucket(Bucket=new_bucket_name())
    assert failure(error)[1] == 404


def test_creating_a_bucket_twice_is_a_conflict(s3: S3Client, bucket: str) -> None:
    with pytest.raises(ClientError) as error:
        s3.create_bucket(Bucket=bucket)
    assert failure(error)[1] == 409


def test_bucket_with_an_object_is_not_deleted(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="kept", Body=b"1")
    with pytest.raises(ClientError) as error:
        s3.delete_bucket(Bucket=bucket)
    assert failure(error) == ("BucketNotEmpty", 409)


def test_emptied_bucket_is_deleted(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="short-lived", Body=b"1")
    s3.delete_object(Bucket=bucket, Key="short-lived")
    s3.delete_bucket(Bucket=bucket)
    assert bucket not in {entry["Name"] for entry in s3.list_buckets()["Buckets"]}


# Objects


@pytest.mark.parametrize("size", [0, 1, 65_536, 3 * MIB + 17])
def test_object_comes_back_as_it_was_put(s3: S3Client, bucket: str, size: int) -> None:
    body = bytes(range(256)) * (size // 256 + 1)
    put = s3.put_object(Bucket=bucket, Key="object", Body=body[:size])
    got = s3.get_object(Bucket=bucket, Key="object")
    assert got["Body"].read() == body[:size]
    assert put["ETag"] == got["ETag"] == f'"{md5(body[:size])}"'
    assert got["ContentLength"] == size


def test_put_replaces_the_object(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="object", Body=b"before, and longer")
    s3.put_object(Bucket=bucket, Key="object", Body=b"after")
    assert s3.get_object(Bucket=bucket, Key="object")["Body"].read() == b"after"


def test_put_into_a_missing_bucket_is_not_found(s3: S3Client) -> None:
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket=new_bucket_name(), Key="object", Body=b"1")
    assert failure(error) == ("NoSuchBucket", 404)


def test_missing_object_is_not_found(s3: S3Client, bucket: str) -> None:
    with pytest.raises(ClientError) as error:
        s3.get_object(Bucket=bucket, Key="missing")
    assert failure(error) == ("NoSuchKey", 404)


def test_head_says_what_get_says(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="object", Body=b"12345")
    head = s3.head_object(Bucket=bucket, Key="object")
    assert (head["ContentLength"], head["ETag"]) == (5, f'"{md5(b"12345")}"')
    assert abs(datetime.now(UTC) - head["LastModified"]) < timedelta(minutes=1)


def test_content_type_is_kept(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="no-extension", Body=b"1", ContentType="image/jpeg")
    assert s3.head_object(Bucket=bucket, Key="no-extension")["ContentType"] == "image/jpeg"


def test_user_metadata_is_kept(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="object", Body=b"1", Metadata={"photo-id": "42"})
    assert metadata_of(s3, bucket, "object") == {"photo-id": "42"}


def test_cache_control_is_kept(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="object", Body=b"1", CacheControl="private, max-age=60")
    assert s3.get_object(Bucket=bucket, Key="object")["CacheControl"] == "private, max-age=60"


def test_content_disposition_is_kept(s3: S3Client, bucket: str) -> None:
    disposition = 'attachment; filename="a.jpg"'
    s3.put_object(Bucket=bucket, Key="object", Body=b"1", ContentDisposition=disposition)
    assert s3.get_object(Bucket=bucket, Key="object")["ContentDisposition"] == disposition


@pytest.mark.parametrize("key", ODD_KEYS, ids=range(len(ODD_KEYS)))
def test_odd_key_is_put_listed_read_and_deleted(s3: S3Client, bucket: str, key: str) -> None:
    s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    assert listed_keys(s3, bucket) == [key]
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == key.encode()
    s3.delete_object(Bucket=bucket, Key=key)
    assert listed_keys(s3, bucket) == []


def test_dot_segments_are_keys_like_any_other(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="a/../../escape", Body=b"1")
    assert listed_keys(s3, bucket) == ["a/../../escape"]


def test_a_key_and_a_key_beneath_it_exist_side_by_side(s3: S3Client, bucket: str) -> None:
    put_all(s3, bucket, ["a", "a/b"])
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"a"
    assert s3.get_object(Bucket=bucket, Key="a/b")["Body"].read() == b"a/b"


def test_deleting_a_missing_object_succeeds(s3: S3Client, bucket: str) -> None:
    response = s3.delete_object(Bucket=bucket, Key="missing")
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 204


def test_many_objects_are_deleted_at_once(s3: S3Client, bucket: str) -> None:
    put_all(s3, bucket, ["a", "b c", "kept", "ü&<"])
    doomed = ["a", "b c", "ü&<", "missing"]
    result = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in doomed]})
    assert {entry["Key"] for entry in result["Deleted"]} == set(doomed)
    assert listed_keys(s3, bucket) == ["kept"]


# Conditions and ranges


def test_put_if_none_match_refuses_an_existing_key(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="once", Body=b"first", IfNoneMatch="*")
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket=bucket, Key="once", Body=b"second", IfNoneMatch="*")
    assert failure(error) == ("PreconditionFailed", 412)
    assert s3.get_object(Bucket=bucket, Key="once")["Body"].read() == b"first"


def test_put_if_match_refuses_another_etag(s3: S3Client, bucket: str) -> None:
    etag = s3.put_object(Bucket=bucket, Key="object", Body=b"1")["ETag"]
    s3.put_object(Bucket=bucket, Key="object", Body=b"2", IfMatch=etag)
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket=bucket, Key="object", Body=b"3", IfMatch=etag)
    assert failure(error) == ("PreconditionFailed", 412)


def test_get_if_none_match_answers_not_modified(s3: S3Client, bucket: str) -> None:
    etag = s3.put_object(Bucket=bucket, Key="object", Body=b"1")["ETag"]
    with pytest.raises(ClientError) as error:
        s3.get_object(Bucket=bucket, Key="object", IfNoneMatch=etag)
    assert failure(error)[1] == 304


def test_get_if_modified_since_answers_not_modified(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="object", Body=b"1")
    modified_at = s3.head_object(Bucket=bucket, Key="object")["LastModified"]
    with pytest.raises(ClientError) as error:
        s3.get_object(Bucket=bucket, Key="object", IfModifiedSince=modified_at)
    assert failure(error)[1] == 304
    earlier = modified_at - timedelta(hours=1)
    assert s3.get_object(Bucket=bucket, Key="object", IfModifiedSince=earlier)["Body"].read() == b"1"


def test_get_if_match_refuses_another_etag(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="object", Body=b"1")
    with pytest.raises(ClientError) as error:
        s3.get_object(Bucket=bucket, Key="object", IfMatch='"0123"')
    assert failure(error)[1] == 412


@pytest.mark.parametrize(
    ("wanted", "expected", "content_range"),
    [
        ("bytes=0-3", b"0123", "bytes 0-3/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-2", b"89", "bytes 8-9/10"),
        ("bytes=5-99", b"56789", "bytes 5-9/10"),
    ],
    ids=["first", "rest", "last", "beyond"],
)
def test_range_is_served(s3: S3Client, bucket: str, wanted: str, expected: bytes, content_range: str) -> None:
    s3.put_object(Bucket=bucket, Key="digits", Body=b"0123456789")
    got = s3.get_object(Bucket=bucket, Key="digits", Range=wanted)
    assert (got["Body"].read(), got["ContentRange"]) == (expected, content_range)
    assert got["ResponseMetadata"]["HTTPStatusCode"] == 206


def test_range_behind_the_end_is_not_satisfiable(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="digits", Body=b"0123456789")
    with pytest.raises(ClientError) as error:
        s3.get_object(Bucket=bucket, Key="digits", Range="bytes=10-")
    assert failure(error) == ("InvalidRange", 416)


# Copies


def test_copy_keeps_bytes_and_metadata(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="ü source", Body=b"1", Metadata={"a": "b"}, ContentType="image/png")
    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "ü source"})
    s3.delete_object(Bucket=bucket, Key="ü source")
    copy = s3.get_object(Bucket=bucket, Key="copy")
    assert (copy["Body"].read(), copy["ContentType"]) == (b"1", "image/png")
    assert metadata_of(s3, bucket, "copy") == {"a": "b"}


def test_copy_replaces_metadata_when_told(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="object", Body=b"1", Metadata={"old": "1"})
    s3.copy_object(
        Bucket=bucket,
        Key="object",
        CopySource={"Bucket": bucket, "Key": "object"},
        Metadata={"new": "2"},
        MetadataDirective="REPLACE",
    )
    assert metadata_of(s3, bucket, "object") == {"new": "2"}


def test_copy_of_a_missing_object_is_not_found(s3: S3Client, bucket: str) -> None:
    with pytest.raises(ClientError) as error:
        s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "missing"})
    assert failure(error) == ("NoSuchKey", 404)


# Listing


def test_listing_is_ordered_and_filtered_by_prefix(s3: S3Client, bucket: str) -> None:
    put_all(s3, bucket, ["b/2", "a/1", "b/1", "c"])
    page = s3.list_objects_v2(Bucket=bucket, Prefix="b/")
    assert [entry["Key"] for entry in page["Contents"]] == ["b/1", "b/2"]
    assert page["Contents"][0]["Size"] == 3


def test_listed_etag_is_that_of_the_object(s3: S3Client, bucket: str) -> None:
    etag = s3.put_object(Bucket=bucket, Key="object", Body=b"1")["ETag"]
    assert s3.list_objects_v2(Bucket=bucket)["Contents"][0]["ETag"] == etag


def test_empty_listing_counts_its_keys(s3: S3Client, bucket: str) -> None:
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_delimiter_folds_keys_into_prefixes(s3: S3Client, bucket: str) -> None:
    put_all(s3, bucket, ["a/1", "a/2", "b/c/1", "top"])
    page = s3.list_objects_v2(Bucket=bucket, Delimiter="/")
    assert [entry["Key"] for entry in page["Contents"]] == ["top"]
    assert [entry["Prefix"] for entry in page["CommonPrefixes"]] == ["a/", "b/"]


@pytest.mark.parametrize("page_size", [1, 2, 3, 7])
def test_pages_cover_every_key_once(s3: S3Client, bucket: str, page_size: int) -> None:
    keys = [f"key-{number:02}" for number in range(7)]
    put_all(s3, bucket, keys)
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, PaginationConfig={"PageSize": page_size}
    )
    found = [[entry["Key"] for entry in page["Contents"]] for page in pages]
    assert [key for page in found for key in page] == keys
    assert max(map(len, found)) <= page_size


def test_pages_with_a_delimiter_name_each_prefix_once(s3: S3Client, bucket: str) -> None:
    put_all(s3, bucket, ["a/1", "a/2", "b", "c/1", "c/2", "d"])
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": 1}
    )
    names: list[str] = []
    for page in pages:
        names += [entry["Key"] for entry in page.get("Contents", [])]
        names += [entry["Prefix"] for entry in page.get("CommonPrefixes", [])]
    assert names == ["a/", "b", "c/", "d"]


def test_start_after_is_exclusive(s3: S3Client, bucket: str) -> None:
    put_all(s3, bucket, ["a", "b", "c"])
    page = s3.list_objects_v2(Bucket=bucket, StartAfter="b")
    assert [entry["Key"] for entry in page["Contents"]] == ["c"]


def test_listing_of_a_missing_bucket_is_not_found(s3: S3Client) -> None:
    with pytest.raises(ClientError) as error:
        s3.list_objects_v2(Bucket=new_bucket_name())
    assert failure(error) == ("NoSuchBucket", 404)


# Multipart uploads


def start_upload(s3: S3Client, bucket: str, bodies: list[bytes]) -> "tuple[str, list[CompletedPartTypeDef]]":
    upload_id = s3.create_multipart_upload(Bucket=bucket, Key="big", ContentType="image/tiff")["UploadId"]
    parts: list[CompletedPartTypeDef] = []
    for number, body in enumerate(bodies, start=1):
        etag = s3.upload_part(Bucket=bucket, Key="big", UploadId=upload_id, PartNumber=number, Body=body)[
            "ETag"
        ]
        parts.append({"PartNumber": number, "ETag": etag})
    return upload_id, parts


def test_multipart_upload_joins_its_parts(s3: S3Client, bucket: str) -> None:
    bodies = [b"a" * 5 * MIB, b"b" * 5 * MIB, b"c"]
    upload_id, parts = start_upload(s3, bucket, bodies)
    done = s3.complete_multipart_upload(
        Bucket=bucket, Key="big", UploadId=upload_id, MultipartUpload={"Parts": parts}
    )
    digests = b"".join(hashlib.md5(body, usedforsecurity=False).digest() for body in bodies)
    assert done["ETag"] == f'"{md5(digests)}-3"'
    assert s3.get_object(Bucket=bucket, Key="big")["Body"].read() == b"".join(bodies)


def test_multipart_upload_keeps_its_content_type(s3: S3Client, bucket: str) -> None:
    upload_id, parts = start_upload(s3, bucket, [b"only"])
    s3.complete_multipart_upload(
        Bucket=bucket, Key="big", UploadId=upload_id, MultipartUpload={"Parts": parts}
    )
    assert s3.head_object(Bucket=bucket, Key="big")["ContentType"] == "image/tiff"


def test_object_is_absent_until_its_upload_is_complete(s3: S3Client, bucket: str) -> None:
    start_upload(s3, bucket, [b"only"])
    assert listed_keys(s3, bucket) == []


def test_aborted_upload_is_gone(s3: S3Client, bucket: str) -> None:
    upload_id, parts = start_upload(s3, bucket, [b"only"])
    s3.abort_multipart_upload(Bucket=bucket, Key="big", UploadId=upload_id)
    with pytest.raises(ClientError) as error:
        s3.complete_multipart_upload(
            Bucket=bucket, Key="big", UploadId=upload_id, MultipartUpload={"Parts": parts}
        )
    assert failure(error) == ("NoSuchUpload", 404)


def test_parts_are_listed(s3: S3Client, bucket: str) -> None:
    upload_id, parts = start_upload(s3, bucket, [b"a" * 5 * MIB, b"b"])
    listed = s3.list_parts(Bucket=bucket, Key="big", UploadId=upload_id)["Parts"]
    assert [(part["PartNumber"], part["Size"]) for part in listed] == [(1, 5 * MIB), (2, 1)]
    assert [part["ETag"] for part in listed] == [part["ETag"] for part in parts]


def test_completion_refuses_a_wrong_etag(s3: S3Client, bucket: str) -> None:
    upload_id, parts = start_upload(s3, bucket, [b"only"])
    parts[0]["ETag"] = f'"{md5(b"other")}"'
    with pytest.raises(ClientError) as error:
        s3.complete_multipart_upload(
            Bucket=bucket, Key="big", UploadId=upload_id, MultipartUpload={"Parts": parts}
        )
    assert failure(error) == ("InvalidPart", 400)


def test_completion_refuses_parts_out_of_order(s3: S3Client, bucket: str) -> None:
    upload_id, parts = start_upload(s3, bucket, [b"a" * 5 * MIB, b"b"])
    with pytest.raises(ClientError) as error:
        s3.complete_multipart_upload(
            Bucket=bucket, Key="big", UploadId=upload_id, MultipartUpload={"Parts": parts[::-1]}
        )
    assert failure(error) == ("InvalidPartOrder", 400)


def test_completion_refuses_a_small_part_before_the_last(s3: S3Client, bucket: str) -> None:
    upload_id, parts = start_upload(s3, bucket, [b"small", b"last"])
    with pytest.raises(ClientError) as error:
        s3.complete_multipart_upload(
            Bucket=bucket, Key="big", UploadId=upload_id, MultipartUpload={"Parts": parts}
        )
    assert failure(error) == ("EntityTooSmall", 400)


# Authentication


def test_anonymous_request_is_refused(endpoint: Endpoint, bucket: str) -> None:
    assert httpx.get(f"{endpoint.url}/{bucket}/object").status_code == 403
    assert httpx.put(f"{endpoint.url}/{bucket}/object", content=b"1").status_code == 403


def test_wrong_secret_is_refused(endpoint: Endpoint, bucket: str) -> None:
    stranger = endpoint.client(secret="another-secret")
    with pytest.raises(ClientError) as error:
        stranger.put_object(Bucket=bucket, Key="object", Body=b"1")
    assert failure(error) == ("SignatureDoesNotMatch", 403)


def test_presigned_get_serves_the_object(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="ü a+b.txt", Body=b"1")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "ü a+b.txt"})
    assert httpx.get(url).content == b"1"


def test_presigned_get_overrides_response_headers(s3: S3Client, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="object", Body=b"1")
    disposition = 'attachment; filename="my photo.jpg"'
    params = {"Bucket": bucket, "Key": "object", "ResponseContentDisposition": disposition}
    response = httpx.get(s3.generate_presigned_url("get_object", Params=params))
    assert response.headers["content-disposition"] == disposition


def test_presigned_put_stores_the_object(s3: S3Client, bucket: str) -> None:
    url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "object"})
    assert httpx.put(url, content=b"by url").status_code == 200
    assert s3.get_object(Bucket=bucket, Key="object")["Body"].read() == b"by url"


def test_presigned_url_is_good_for_one_key(s3: S3Client, bucket: str) -> None:
    put_all(s3, bucket, ["mine", "theirs"])
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "mine"})
    assert httpx.get(url.replace("mine", "theirs")).status_code == 403


# Concurrency


def test_one_of_many_parallel_first_writes_wins(s3: S3Client, bucket: str) -> None:
    def put(number: int) -> int:
        try:
            s3.put_object(Bucket=bucket, Key="once", Body=f"{number}".encode() * 100_000, IfNoneMatch="*")
        except ClientError as error:
            return int(error.response["ResponseMetadata"]["HTTPStatusCode"])
        return 200

    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(put, range(12)))
    assert sorted(statuses) == [200] + [412] * 11
    winner = statuses.index(200)
    assert s3.get_object(Bucket=bucket, Key="once")["Body"].read() == f"{winner}".encode() * 100_000
