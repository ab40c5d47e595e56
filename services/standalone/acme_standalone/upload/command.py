"""The options of `acme upload`."""

import os
import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

import typer


def _url(given: str) -> str:
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise typer.BadParameter(f"{given} is no http(s) address")
    return given


def upload(  # noqa: PLR0913 - each is an option
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", exists=True, file_okay=False, help="The folder with the photos.")
    ],
    *,
    project: Annotated[UUID, typer.Option(metavar="ID", help="The project that the photos belong to.")],
    email: Annotated[str, typer.Option(help="Whose account signs in.")],
    photographer: Annotated[
        UUID | None, typer.Option(metavar="ID", help="Of operators: in whose name the photos are sent.")
    ] = None,
    totp_code: Annotated[
        str | None, typer.Option(help="The code of the authenticator app, if one is set up.")
    ] = None,
    backoffice_url: Annotated[
        str, typer.Option(envvar="BACKOFFICE_API_URL", callback=_url, help="Where to sign in.")
    ] = "http://localhost:3001",
    media_url: Annotated[
        str, typer.Option(envvar="MEDIA_API_URL", callback=_url, help="Where photos are announced.")
    ] = "http://localhost:3003",
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Files that are sent at the same time.")] = 4,
    interval: Annotated[float, typer.Option(min=0.1, help="Seconds between two looks, with --watch.")] = 2.0,
    wait: Annotated[
        float, typer.Option(min=0, help="Seconds to wait for the server to look at what was sent.")
    ] = 20.0,
    recursive: Annotated[bool, typer.Option(help="Folders within the folder, too.")] = True,
    watch: Annotated[bool, typer.Option("--watch", help="Keeps looking for new files until Ctrl-C.")] = False,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Reads the password from standard input.")
    ] = False,
) -> None:
    """Uploads a folder of photos to a project.

    The password is read from standard input (--password-stdin), from ACME_PASSWORD, or asked for.

    JPEG, PNG, WebP, TIFF and AVIF files are taken.

    What the project holds already is not sent: after any interruption, run the same command again.

    The status is 0 when all is there, 1 when something failed (it is listed), 2 when the options or the
    sign-in are wrong, 130 after Ctrl-C.
    """
    from acme_standalone.upload.client import Destination
    from acme_standalone.upload.program import Order, run
    from acme_standalone.upload.session import Credentials

    role = "operator" if photographer else "photographer"
    order = Order(
        folder=folder,
        destination=Destination(project, photographer),
        credentials=Credentials(email, _password(is_piped=password_stdin), role, totp_code),
        jobs=jobs,
        is_recursive=recursive,
        watch_interval_s=interval if watch else None,
        wait_s=wait,
    )
    raise typer.Exit(run(order, backoffice_url, media_url))


def _password(*, is_piped: bool) -> str:
    if is_piped:
        return sys.stdin.readline().rstrip("\r\n")
    if given := os.environ.get("ACME_PASSWORD"):
        return given
    if not sys.stdin.isatty():
        raise typer.BadParameter("No password: use --password-stdin or ACME_PASSWORD")
    return str(typer.prompt("Password", hide_input=True, err=True))
