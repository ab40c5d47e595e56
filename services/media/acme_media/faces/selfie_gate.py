"""Whether a selfie can serve as a template, and what the guest can do when it cannot."""

from collections.abc import Sequence
from enum import StrEnum

from acme_media.faces.quality import BLURRED, DARK
from acme_media.faces.values import FoundFace

MIN_SIZE_PX = 60.0
SECOND_FACE_SHARE = 0.5
SURE_SCORE = 0.4
"""The detector's false alarms beside a real face score below it."""


class Rejection(StrEnum):
    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    FACE_TOO_SMALL = "face_too_small"
    TOO_BLURRY = "too_blurry"
    TOO_DARK = "too_dark"
    NOT_AN_IMAGE = "not_an_image"
    FILE_MISSING = "file_missing"
    PROCESSING_FAILED = "processing_failed"


ADVICE: dict[Rejection, str] = {
    Rejection.NO_FACE: "We could not find a face. Look into the camera, with your whole face in view.",
    Rejection.SEVERAL_FACES: "There is more than one face. Take a selfie with only you in it.",
    Rejection.FACE_TOO_SMALL: "Your face is too small in the picture. Move closer to the camera.",
    Rejection.TOO_BLURRY: "The picture is blurred. Hold the camera still and try again.",
    Rejection.TOO_DARK: "The picture is too dark. Turn towards a light and try again.",
    Rejection.NOT_AN_IMAGE: "The file could not be read as a picture. Send a JPEG, PNG or WebP photo.",
    Rejection.FILE_MISSING: "The upload did not arrive. Please send the selfie again.",
    Rejection.PROCESSING_FAILED: "Something went wrong on our side. Please send the selfie again.",
}


def judge(faces: Sequence[FoundFace]) -> FoundFace | Rejection:
    """The face to enrol, or why there is none."""
    if not faces:
        return Rejection.NO_FACE
    sure = [face for face in faces if face.score >= SURE_SCORE]
    main = max(sure, key=lambda face: face.size_px) if sure else max(faces, key=lambda face: face.score)
    others = [face for face in sure if face is not main]
    if any(face.size_px > SECOND_FACE_SHARE * main.size_px for face in others):
        return Rejection.SEVERAL_FACES
    if main.size_px < MIN_SIZE_PX:
        return Rejection.FACE_TOO_SMALL
    if main.brightness < DARK:
        return Rejection.TOO_DARK
    if main.sharpness < BLURRED:
        return Rejection.TOO_BLURRY
    return main
