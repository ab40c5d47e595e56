from acme_core.errors import Conflict, NotFound


class PhotoTagNotFound(NotFound):
    code = "photo_tag_not_found"
    title = "There is no such photo tag"


class NotAMember(Conflict):
    code = "not_a_project_member"
    title = "That guest has not joined the project"
