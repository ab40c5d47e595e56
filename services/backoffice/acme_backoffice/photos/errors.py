from acme_core.errors import NotFound


class PhotoNotFound(NotFound):
    code = "photo_not_found"
    title = "There is no such photo"
