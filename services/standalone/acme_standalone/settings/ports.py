"""Which port each part listens on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Self

from acme_standalone.processes.ports import free_port, holder_of, is_free

LARGEST_PORT = 65535


class PortsUnusableError(ValueError):
    """The message names each port, who has it and how to move it."""


@dataclass(frozen=True)
class Ports:
    backoffice: int = 3001
    main: int = 3002
    media: int = 3003
    database: int = 5433
    redis: int = 6380
    s3: int = 9000
    stripe: int = 12111
    rekognition: int = 12112
    mailbox: int = 8025
    backoffice_web: int = 4001
    main_web: int = 4002
    relay_metrics: int = 9301
    main_worker_metrics: int = 9302
    images_worker_metrics: int = 9303
    faces_worker_metrics: int = 9304
    webhooks_worker_metrics: int = 9305

    @classmethod
    def chosen(cls, environ: Mapping[str, str], moves: Iterable[str] = (), offset: int = 0) -> Self:
        """The defaults moved by `offset`, unless ACME_<NAME>_PORT or `moves` ("name=number") says otherwise.

        0 takes any free port.
        """
        ports = cls(**{name: port + offset for name, port in cls().by_name().items()})
        named = {name: environ[_variable(name)] for name in cls.names() if environ.get(_variable(name))}
        named |= dict(_parse_move(move, cls.names()) for move in moves)
        texts = {name: named.get(name, str(port)) for name, port in ports.by_name().items()}
        return cls(**{name: _number(name, text) or free_port() for name, text in texts.items()})

    @classmethod
    def names(cls) -> list[str]:
        return [field.name for field in fields(cls)]

    def by_name(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.names()}

    def require_free(self) -> None:
        """Raises PortsUnusableError for all that are taken, at once."""
        taken = [
            f"Port {port} ({name}) is taken by {holder_of(port)}. "
            f"Move it with --port {name}=N or {_variable(name)}=N."
            for name, port in self.by_name().items()
            if not is_free(port)
        ]
        if taken:
            raise PortsUnusableError("\n".join([*taken, "--port-offset N moves all ports by N."]))


def _variable(name: str) -> str:
    return f"ACME_{name.upper()}_PORT"


def _parse_move(move: str, names: list[str]) -> tuple[str, str]:
    name, _, number = move.partition("=")
    if name not in names:
        raise PortsUnusableError(
            f"--port {move}: write NAME=NUMBER, where NAME is one of {', '.join(names)}."
        )
    return name, number


def _number(name: str, text: str) -> int:
    if not text.isdecimal() or int(text) > LARGEST_PORT:
        raise PortsUnusableError(
            f"The port of {name} must be a number from 0 to {LARGEST_PORT}, not {text!r}."
        )
    return int(text)
