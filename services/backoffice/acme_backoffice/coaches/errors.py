from acme_core.errors import NotFound


class CoachNotFound(NotFound):
    code = "coach_not_found"
    title = "There is no such coach"
