"""`acme receipt verify FILE`: with the platform's public keys, and nothing else of it."""

import json
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from acme_auth.receipts import ReceiptInvalidError, verify_receipt
from acme_config.settings import AddressSettings

TIMEOUT_S = 10

receipt = typer.Typer(no_args_is_help=True, help="Receipts of erasure.")


@receipt.callback()
def _group() -> None:
    """So that `verify` stays a command of its own name."""


@receipt.command()
def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="As it was downloaded.")],
    keys: Annotated[
        str | None,
        typer.Option(help="A JWK set: a file or a URL (else /.well-known/jwks.json of MAIN_API_URL)."),
    ] = None,
) -> None:
    """Says whether the platform signed this receipt, and nobody has changed it; status 1 when not."""
    try:
        document = _object(file.read_text("utf-8"))
        kid = verify_receipt(document, _key_set(keys))
    except (ValueError, ReceiptInvalidError) as error:
        typer.echo(f"Not valid: {error}", err=True)
        raise typer.Exit(1) from error
    except (OSError, httpx.HTTPError) as error:
        typer.echo(f"The keys cannot be read: {error}", err=True)
        raise typer.Exit(1) from error
    told = document["receipt"]
    typer.echo(
        f"Valid: receipt {told['receipt_id']} ({told['scope']}), complete since {told['completed_at']}"
    )
    typer.echo(f"Signed by {told['issuer']} with key {kid}")


def _key_set(keys: str | None) -> dict[str, Any]:
    source = keys or f"{AddressSettings().main_api_url}/.well-known/jwks.json"
    if source.startswith(("http://", "https://")):
        return _object(httpx.get(source, timeout=TIMEOUT_S).raise_for_status().text)
    return _object(Path(source).read_text("utf-8"))


def _object(text: str) -> dict[str, Any]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ReceiptInvalidError("this is no JSON object")
    return found
