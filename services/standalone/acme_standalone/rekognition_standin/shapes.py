"""The structures of Rekognition's answers."""

from acme_standalone.rekognition_standin.eyes import SeenFace
from acme_standalone.rekognition_standin.store import StoredFace

Shape = dict[str, object]
MODEL_VERSION = "7.0"
SHARP = 100.0
"""A face of this measure counts as fully sharp; the scale of AWS is not known."""


def bounding_box(box: tuple[float, float, float, float]) -> Shape:
    return dict(zip(("Left", "Top", "Width", "Height"), box, strict=True))


def face_detail(face: SeenFace) -> Shape:
    return {
        "BoundingBox": bounding_box(face.box),
        "Confidence": face.confidence,
        "Quality": {
            "Brightness": face.brightness / 2.55,
            "Sharpness": min(100.0, 100.0 * face.sharpness / SHARP),
        },
    }


def stored_face(face: StoredFace) -> Shape:
    shape: Shape = {
        "FaceId": face.id,
        "BoundingBox": bounding_box(face.box),
        "ImageId": face.image_id,
        "Confidence": face.confidence,
        "IndexFacesModelVersion": MODEL_VERSION,
    }
    return shape if face.external_image_id is None else {**shape, "ExternalImageId": face.external_image_id}
