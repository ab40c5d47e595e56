from acme_core.errors import Forbidden, NotFound


class ConsentRequired(Forbidden):
    code = "consent_required"
    title = "This needs the guest's consent to biometric processing"


class ScopeRequired(Forbidden):
    code = "scope_required"
    title = "The media token is not for selfies"


class SelfieNotFound(NotFound):
    code = "selfie_not_found"
    title = "There is no selfie"
