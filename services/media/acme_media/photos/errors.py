from acme_core.errors import Conflict, Invalid, NotFound


class ProjectNotFound(NotFound):
    code = "project_not_found"
    title = "There is no such project to upload to"


class PhotoNotFound(NotFound):
    code = "photo_not_found"
    title = "There is no such photo"


class PhotographerRequired(Invalid):
    code = "photographer_required"
    title = "An operator names one of the project's photographers with `photographer_id`"


class PhotoNotFailed(Conflict):
    code = "photo_not_failed"
    title = "Only a failed photo can be tried again"


class DuplicatePhoto(Conflict):
    code = "duplicate_photo"
    title = "The project holds the same file already"
