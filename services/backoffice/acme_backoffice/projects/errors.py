from acme_core.errors import Invalid, NotFound


class ProjectNotFound(NotFound):
    code = "project_not_found"
    title = "There is no such project"


class ProjectEndsBeforeStart(Invalid):
    code = "project_ends_before_start"
    title = "The project ends before it starts"
