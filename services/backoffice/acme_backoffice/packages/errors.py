from acme_core.errors import NotFound


class PackageNotFound(NotFound):
    code = "package_not_found"
    title = "There is no such package"
