from acme_core.errors import Conflict


class FaceUnknown(Conflict):
    code = "face_unknown"
    title = "Your face was not found in this photo; say where it is"
