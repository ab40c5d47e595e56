from acme_core.errors import Conflict, NotFound


class PhotoNotFound(NotFound):
    code = "photo_not_found"
    title = "There is no such photo"


class PhotoUnreadable(Conflict):
    code = "photo_unreadable"
    title = "The photo's file cannot be read; choose another to look at"


class LogoMissing(Conflict):
    code = "logo_missing"
    title = "The logo has not arrived; send it, then complete it"


class LogoNotTaken(Conflict):
    code = "logo_not_taken"
    title = "What was sent is not a PNG, or an SVG that stands for itself and draws something"
