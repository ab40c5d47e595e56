class RefusedError(Exception):
    """The server's own no: the same request would be refused again."""

    def __init__(
        self, status: int, code: str, detail: str, fields: list[list[str | int]] | None = None
    ) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.status = status
        self.code = code
        self.fields = fields or []
        """Where a validation error lies, one path each, such as ["body", "files", 3, "filename"]."""


class UnreachableError(Exception):
    """No answer, or only passing faults, for as long as we were willing to try."""


class FileChangedError(Exception):
    """The file was written to between the look at it and its sending."""

    def __init__(self) -> None:
        super().__init__("file_changed: it was written to meanwhile; send it again when it is complete")


class StoppedError(Exception):
    """The run cannot go on. The message is for the user."""

    exit_status = 1


class NotAcceptedError(StoppedError):
    """The sign-in, the project or another option is not accepted."""

    exit_status = 2
