from acme_core.errors import NotFound


class OperatorNotFound(NotFound):
    code = "operator_not_found"
    title = "There is no such operator"
