from acme_core.photos import FailureCode


class ImageRejectedError(Exception):
    """The file is at fault, and will be the next time too."""

    def __init__(self, code: FailureCode) -> None:
        super().__init__(code)
        self.code = code
