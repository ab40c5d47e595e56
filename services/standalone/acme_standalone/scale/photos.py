"""Photos, who is in them, and how sure that is."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from acme_standalone.scale.rows import NULL, Rows, line, stamp
from acme_standalone.scale.shape import EVENT_LASTS, MOST_TAGS, TAGS_OF_PHOTOS, EventPlan, Shape, uid

HOST_IN = 0.35
"""Who holds the event is in so many of its photos: there are guests with tens of thousands."""
FACES_IN, SCORES_IN = 10, 5
"""One photo in so many has its faces, its scores."""
PHOTO = (
    "id project_id photographer_id storage_key thumbnail_key watermarked_key preview_key status uploaded_at "
    "created_at filename content_type size_bytes sha256 width height thumbhash taken_at upload_state "
    "upload_expires_at recognition_state failure_code deleted_at"
)
TAG = (
    "id photo_id photo_uploaded_at user_id project_id confidence source review_status created_at engine "
    "distance face_id reviewed_at reviewed_by confirmed_at updated_at"
)
FACE = (
    "id photo_id project_id ordinal box_left box_top box_width box_height size_px detection_score sharpness "
    "crop_key created_at"
)


def photos(shape: Shape) -> list[Rows]:
    return [
        Rows("photos", PHOTO, _photos(shape)),
        Rows("photo_faces", FACE, _faces(shape)),
        Rows("photo_tags", TAG, _tags(shape)),
        Rows("match_scores", "photo_id user_id confidence is_capped project_id", _scores(shape)),
    ]


def _uploaded(event: EventPlan, number: int) -> datetime:
    """Evenly over the event, in order."""
    return event.starts_at + EVENT_LASTS * ((number - event.photos.start) / len(event.photos))


def _photos(shape: Shape) -> Iterator[str]:
    for event in shape.events:
        photographers = [uid("photographer", number) for number in event.photographers]
        for number in event.photos:
            yield _photo(event, number, photographers[number % len(photographers)])


def _photo(event: EventPlan, number: int, photographer: str) -> str:
    """Of a hundred: two failed, one is in work, one was deleted."""
    photo, at = uid("photo", number), stamp(_uploaded(event, number))
    status = {7: "failed", 57: "failed", 33: "processing"}.get(number % 100, "ready")
    keys = [f"projects/{event.id}/{name}/{photo}" for name in ("original", "thumb", "wm", "preview")]
    original, *made = keys if status == "ready" else (keys[0], NULL, NULL, NULL)
    deleted = at if number % 100 == 88 else NULL  # noqa: PLR2004 - one of a hundred
    failure = "not_an_image" if status == "failed" else NULL
    recognition = {"ready": "done", "failed": "failed"}.get(status, "pending")
    file = (f"DSC_{number % 10_000:04}.JPG", "image/jpeg", 9_000_000 + number % 999_983, photo * 2)
    shown = (6000, 4000, "3OcRJYB4d3h/iIeHeEh3eIhw+j2w") if status == "ready" else (NULL, NULL, NULL)
    state = ("verified", at, recognition, failure, deleted)
    return line(photo, event.id, photographer, original, *made, status, at, at, *file, *shown, at, *state)


def _tagged(event: EventPlan, number: int, dice: Random) -> list[int]:
    """Users in a photo: neighbours in the list of members, for friends are photographed together."""
    count = TAGS_OF_PHOTOS[number % len(TAGS_OF_PHOTOS)]
    others = len(event.members) - 1
    step = 1 + int(dice.random() * (others // MOST_TAGS))
    first = int(dice.random() * others)
    places = [1 + (first + turn * step) % others for turn in range(count)]
    if count and dice.random() < HOST_IN:
        places[0] = 0
    return [event.user_of(event.members.start + place) for place in places]


def _each(shape: Shape, every: int = 1) -> Iterator[tuple[EventPlan, int, int, list[int]]]:
    """Event, photo, number of its first tag, users in it; of one photo in `every`."""
    first_tag = 0
    for event in shape.events:
        dice = event.dice("tags")
        for number in event.photos:
            users = _tagged(event, number, dice)
            if number % every == 0:
                yield event, number, first_tag, users
            first_tag += len(users)


def _tags(shape: Shape) -> Iterator[str]:
    for event, number, first_tag, users in _each(shape):
        uploaded_at, has_faces = _uploaded(event, number), number % FACES_IN == 0
        photo = f"{uid('photo', number)}\t{stamp(uploaded_at)}"
        at = stamp(uploaded_at + timedelta(seconds=40))
        for tag, user in enumerate(users, first_tag):
            face = uid("face", tag) if has_faces else NULL
            yield _tag(event, tag, photo, uid("user", user), face, at)


def _tag(event: EventPlan, tag: int, photo: str, user: str, face: str, at: str) -> str:
    """Of twenty: one waits for review, one was rejected by hand. The photo's is its id, and when it came."""
    status = {4: "pending", 13: "rejected"}.get(tag % 20, "confirmed")
    reviewed, by = (at, uid("operator", event.operator)) if status == "rejected" else (NULL, NULL)
    confirmed = at if status == "confirmed" else NULL
    confidence = _confidence(tag)
    ids = f"{uid('tag', tag)}\t{photo}\t{user}\t{event.id}"
    engine = f"local\t{(100 - confidence) / 100:.3f}\t{face}"
    return f"{ids}\t{confidence}\tauto\t{status}\t{at}\t{engine}\t{reviewed}\t{by}\t{confirmed}\t{at}\n"


def _confidence(tag: int) -> float:
    return 60.0 + (40.0 * ((tag * 7919) % 9973) / 9973 if tag % 20 != 4 else tag % 15)  # noqa: PLR2004 - as above


def _faces(shape: Shape) -> Iterator[str]:
    for event, number, first_tag, users in _each(shape, FACES_IN):
        photo, at = uid("photo", number), stamp(_uploaded(event, number))
        for ordinal in range(len(users)):
            face = uid("face", first_tag + ordinal)
            left = round(0.9 * ordinal / MOST_TAGS, 3)
            box = (left, 0.2, 0.06, 0.09, 360.0, 0.97, 180.0)
            yield line(face, photo, event.id, ordinal, *box, f"faces/{face}", at)


def _scores(shape: Shape) -> Iterator[str]:
    for event, number, first_tag, users in _each(shape, SCORES_IN):
        photo = uid("photo", number)
        for tag, user in enumerate(users, first_tag):
            yield line(photo, uid("user", user), _confidence(tag), "f", event.id)
