"""What `rclone serve s3` does otherwise than S3, as a reason per conformance test.

Each is expected to fail there, strictly: when rclone learns it, the suite says so.
"""

RCLONE_GAPS: dict[str, str] = {
    "test_dot_segments_are_keys_like_any_other": "keys are paths: dot segments are refused",
    "test_a_key_and_a_key_beneath_it_exist_side_by_side": "keys are paths: a file cannot be a folder too",
    "test_put_if_none_match_refuses_an_existing_key": "If-None-Match is ignored on a write",
    "test_one_of_many_parallel_first_writes_wins": "If-None-Match is ignored on a write",
    "test_put_if_match_refuses_another_etag": "If-Match is ignored on a write",
    "test_get_if_match_refuses_another_etag": "If-Match is ignored on a read",
    "test_get_if_modified_since_answers_not_modified": "If-Modified-Since is ignored",
    "test_range_is_served": "a part is answered with 200, not 206",
    "test_copy_keeps_bytes_and_metadata": "a copy loses the user metadata",
    "test_listed_etag_is_that_of_the_object": "a listed ETag has no quotes",
    "test_empty_listing_counts_its_keys": "an empty listing has no KeyCount",
    "test_completion_refuses_a_small_part_before_the_last": "parts of any size are joined",
    "test_anonymous_request_is_refused": "refused, but with 400 instead of 403",
    "test_object_comes_back_after_a_restart_as_it_was": "content types and metadata are forgotten",
}
