import math
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acme_core.matching import SCORE_FLOOR
from acme_media.faces.matching import REACH, Band, Bands, Face, confidence, match_photo
from acme_media.faces.quality import BLURRED
from acme_media.faces.values import Candidate

BANDS = Bands(confirm=75.0, review=55.0)
ANN, BOB, CYD = (UUID(int=number) for number in (1, 2, 3))


def seen(user: UUID, distance: float, members: int = 10) -> Candidate:
    return Candidate(user, confidence(distance, members), distance)


def face(index: int, *candidates: Candidate, size_px: float = 120, sharpness: float = 80) -> Face:
    return Face(index, size_px, sharpness, candidates)


@pytest.mark.parametrize(("distance", "expected"), [(0.44, 75.0), (0.52, 55.0)])
def test_the_mapping_meets_its_two_points(distance: float, expected: float) -> None:
    assert confidence(distance, 150) == pytest.approx(expected, abs=0.15)


@given(st.floats(0, 2), st.floats(0, 2), st.integers(0, 10**6))
def test_nearer_is_never_less_sure(left: float, right: float, members: int) -> None:
    near, far = sorted((left, right))
    assert confidence(near, members) >= confidence(far, members)


@given(st.floats(0, 2), st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_larger_crowd_is_never_more_sure(distance: float, left: int, right: int) -> None:
    few, many = sorted((left, right))
    assert 0 <= confidence(distance, many) <= confidence(distance, few) <= 100


def test_ten_times_the_crowd_asks_for_a_distance_less_by_the_slope() -> None:
    nearer = 0.44 - 0.038 * math.log(10)
    assert confidence(nearer, 1500) == pytest.approx(confidence(0.44, 150))


@pytest.mark.parametrize("members", [0, 1, 149])
def test_a_small_crowd_changes_nothing(members: int) -> None:
    assert confidence(0.44, members) == confidence(0.44, 150)


@pytest.mark.parametrize(
    ("probe", "band"),
    [
        (face(0, seen(ANN, 0.30), seen(BOB, 0.359)), Band.PENDING),
        (face(0, seen(ANN, 0.30), seen(BOB, 0.361)), Band.CONFIRMED),
        (face(0, seen(ANN, 0.30), size_px=42.9), Band.PENDING),
        (face(0, seen(ANN, 0.30), size_px=43), Band.CONFIRMED),
        (face(0, seen(ANN, 0.30), size_px=28), Band.PENDING),
        (face(0, seen(ANN, 0.30), sharpness=BLURRED - 0.1), Band.PENDING),
        (face(0, seen(ANN, 0.30), sharpness=BLURRED), Band.CONFIRMED),
    ],
)
def test_each_rule_begins_where_it_says(probe: Face, band: Band) -> None:
    assert [match.band for match in match_photo([probe], BANDS)] == [band]


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (100.0, Band.CONFIRMED),
        (75.0, Band.CONFIRMED),
        (74.999, Band.PENDING),
        (55.0, Band.PENDING),
        (54.999, None),
        (0.0, None),
    ],
)
def test_bands_include_their_lower_bounds(score: float, band: Band | None) -> None:
    assert BANDS.of(score, is_capped=False) is band


def test_a_clear_match_is_confirmed_with_its_raw_score() -> None:
    (match,) = match_photo([face(0, seen(ANN, 0.30), seen(BOB, 0.80))], BANDS)
    assert (match.user_id, match.band) == (ANN, Band.CONFIRMED)
    assert match.confidence == confidence(0.30, 10)


@pytest.mark.parametrize(
    "doubtful",
    [
        face(0, seen(ANN, 0.30), size_px=42.9),
        face(0, seen(ANN, 0.30), sharpness=5),
        face(0, seen(ANN, 0.30), seen(BOB, 0.35)),
    ],
)
def test_a_doubtful_match_goes_to_review_and_keeps_its_score(doubtful: Face) -> None:
    match = match_photo([doubtful], BANDS)[0]
    assert (match.user_id, match.band) == (ANN, Band.PENDING)
    assert match.confidence > 90


def test_a_face_that_is_too_small_is_left_out() -> None:
    assert match_photo([face(0, seen(ANN, 0.20), size_px=27.9)], BANDS) == []


def test_one_face_is_one_person() -> None:
    matches = match_photo([face(0, seen(ANN, 0.20), seen(BOB, 0.40))], BANDS)
    assert [match.user_id for match in matches] == [ANN]


def test_one_person_has_one_face_the_best() -> None:
    matches = match_photo([face(0, seen(ANN, 0.40)), face(1, seen(ANN, 0.25))], BANDS)
    assert [(match.face_index, match.user_id) for match in matches] == [(1, ANN)]


def test_the_second_face_falls_to_the_second_person() -> None:
    faces = [face(0, seen(ANN, 0.20), seen(BOB, 0.45)), face(1, seen(ANN, 0.30), seen(BOB, 0.40))]
    matches = match_photo(faces, BANDS)
    assert {(match.face_index, match.user_id) for match in matches} == {(0, ANN), (1, BOB)}


def test_a_provider_without_distances_is_not_asked_for_a_margin() -> None:
    (match,) = match_photo([face(0, Candidate(ANN, 99.0), Candidate(BOB, 98.0))], BANDS)
    assert match.band is Band.CONFIRMED


candidates = st.builds(seen, st.sampled_from([ANN, BOB, CYD]), st.floats(0.1, 0.9))
faces = st.lists(st.lists(candidates, max_size=3, unique_by=lambda item: item.user_id), max_size=5)


@given(faces)
def test_no_face_and_no_person_is_ever_used_twice(found: list[list[Candidate]]) -> None:
    matches = match_photo([face(index, *items) for index, items in enumerate(found)], BANDS)
    assert len({match.face_index for match in matches}) == len(matches)
    assert len({match.user_id for match in matches}) == len(matches)
    assert all(match.confidence >= BANDS.review for match in matches)


@given(st.floats(0, 2), st.integers(1, 100_000))
def test_what_is_out_of_reach_scores_below_the_floor_whatever_the_crowd(beyond: float, members: int) -> None:
    assert confidence(REACH, 1) == pytest.approx(SCORE_FLOOR)
    assert confidence(REACH + beyond + 1e-9, members) <= SCORE_FLOOR
