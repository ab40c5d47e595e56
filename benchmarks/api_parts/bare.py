"""The main API that counts nothing of its requests: what it is measured against."""

from acme_config.settings import ServerSettings
from acme_main.app import create_from_environment
from acme_web import middleware
from acme_web.serve import serve


class Nothing:
    def inc(self) -> None: ...

    def observe(self, seconds: float) -> None: ...


if __name__ == "__main__":
    middleware._metrics = lambda *_: (Nothing(), Nothing())  # type: ignore[assignment]  # noqa: SLF001
    serve(create_from_environment, port=ServerSettings().main_port)
