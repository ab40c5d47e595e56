from acme_core.errors import AppError, NotFound


class ProjectNotFound(NotFound):
    code = "project_not_found"
    title = "There is no such project among those you have joined"


class PhotoNotFound(NotFound):
    code = "photo_not_found"
    title = "There is no such photo of you"


class PurchaseRequired(AppError):
    code = "purchase_required"
    status = 402
    title = "Downloading this photo needs a purchase"
