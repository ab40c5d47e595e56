from acme_core.errors import Conflict, NotFound, Unavailable


class WatermarkNotFound(NotFound):
    code = "watermark_not_found"
    title = "The project has no watermark of its own"


class LogoMissing(Conflict):
    code = "logo_missing"
    title = "There is no such logo; upload it, complete it, then name it"


class LogoStoreDown(Unavailable):
    code = "logo_store_unavailable"
    title = "The object store does not answer; try again shortly"
