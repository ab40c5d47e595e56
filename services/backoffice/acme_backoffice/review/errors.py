from acme_core.errors import Conflict, NotFound


class HideRequestNotFound(NotFound):
    code = "hide_request_not_found"
    title = "There is no such request"


class SelfieConflictNotFound(NotFound):
    code = "selfie_conflict_not_found"
    title = "There are no such selfies"


class PhotoTagNotFound(NotFound):
    code = "photo_tag_not_found"
    title = "There is no such photo tag"


class NotAMember(Conflict):
    code = "not_a_project_member"
    title = "That guest has not joined the project"
