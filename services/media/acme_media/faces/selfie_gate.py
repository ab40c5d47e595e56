"""Whether a selfie can serve as a template."""

from collections.abc import Sequence

from acme_core.selfies import Rejection
from acme_media.faces.quality import BLURRED, DARK
from acme_media.faces.values import FoundFace

MIN_SIZE_PX = 60.0
SECOND_FACE_SHARE = 0.5
SURE_SCORE = 0.4
"""The local detector hands out nothing below it; a provider may, and says so by its score."""


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
    return main if main.score >= SURE_SCORE else Rejection.NO_FACE
