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


_ADVICE: dict[str, dict[Rejection, str]] = {
    "en": {
        Rejection.NO_FACE: "We could not find a face. Look into the camera, with your whole face in view.",
        Rejection.SEVERAL_FACES: "There is more than one face. Take a selfie with only you in it.",
        Rejection.FACE_TOO_SMALL: "Your face is too small in the picture. Move closer to the camera.",
        Rejection.TOO_BLURRY: "The picture is blurred. Hold the camera still and try again.",
        Rejection.TOO_DARK: "The picture is too dark. Turn towards a light and try again.",
        Rejection.NOT_AN_IMAGE: "The file could not be read as a picture. Send a JPEG, PNG or WebP photo.",
        Rejection.FILE_MISSING: "The upload did not arrive. Please send the selfie again.",
        Rejection.PROCESSING_FAILED: "Something went wrong on our side. Please send the selfie again.",
    },
    "de": {
        Rejection.NO_FACE: "Wir fanden kein Gesicht. Schau in die Kamera, mit dem ganzen Gesicht im Bild.",
        Rejection.SEVERAL_FACES: "Auf dem Bild ist mehr als ein Gesicht. Nimm ein Selfie nur von dir auf.",
        Rejection.FACE_TOO_SMALL: "Dein Gesicht ist auf dem Bild zu klein. Geh näher an die Kamera.",
        Rejection.TOO_BLURRY: "Das Bild ist unscharf. Halte die Kamera ruhig und versuche es noch einmal.",
        Rejection.TOO_DARK: "Das Bild ist zu dunkel. Dreh dich zum Licht und versuche es noch einmal.",
        Rejection.NOT_AN_IMAGE: "Die Datei ist kein lesbares Bild. Schicke ein JPEG-, PNG- oder WebP-Foto.",
        Rejection.FILE_MISSING: "Das Bild ist nicht angekommen. Bitte schicke das Selfie noch einmal.",
        Rejection.PROCESSING_FAILED: "Bei uns ging etwas schief. Bitte schicke das Selfie noch einmal.",
    },
}


def advice(reason: Rejection, locale: str = "en") -> str:
    """In the locale's language; English for whoever reads none of ours."""
    return _ADVICE.get(locale.partition("-")[0].lower(), _ADVICE["en"])[reason]
