from acme_core.errors import NotFound


class PhotographerNotFound(NotFound):
    code = "photographer_not_found"
    title = "There is no such photographer"
