from acme_core.errors import Invalid, NotFound


class ProjectNotFound(NotFound):
    code = "project_not_found"
    title = "There is no such project"


class BoundsNotOrdered(Invalid):
    code = "bounds_not_ordered"
    title = "The bound for review is above the bound for certainty"


class ProjectEndsBeforeStart(Invalid):
    code = "project_ends_before_start"
    title = "The project ends before it starts"
