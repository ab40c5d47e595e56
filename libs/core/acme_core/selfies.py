"""Why a selfie is refused, and what the guest can do about it: told on the screen and by mail."""

from enum import StrEnum


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
