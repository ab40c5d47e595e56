"""The messages of a folder of .eml files."""

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path


@dataclass(frozen=True)
class Message:
    id: str
    """The file's name without `.eml`."""
    to: str
    subject: str
    date: datetime
    text: str
    html: str | None

    def is_for(self, address: str) -> bool:
        addresses = (found for _, found in getaddresses([self.to]))
        return address.casefold() in (found.casefold() for found in addresses)


def list_messages(folder: Path) -> list[Message]:
    """Newest first. A file that vanishes meanwhile is left out."""
    found = (read_message(folder, path.stem) for path in folder.glob("*.eml"))
    return sorted((m for m in found if m), key=lambda message: (message.date, message.id), reverse=True)


def read_message(folder: Path, message_id: str) -> Message | None:
    """None for what is not there, and for a name that leads out of the folder."""
    path = folder / f"{message_id}.eml"
    if path.parent != folder or path.name.startswith("."):
        return None
    try:
        parsed = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        arrived = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, ValueError):
        return None
    return _message(message_id, parsed, arrived)


def _message(message_id: str, parsed: EmailMessage, arrived: datetime) -> Message:
    html = _body(parsed, "html")
    return Message(
        id=message_id,
        to=str(parsed["To"] or ""),
        subject=str(parsed["Subject"] or ""),
        date=_date(parsed) or arrived,
        text=_body(parsed, "plain") or "",
        html=html,
    )


def _body(parsed: EmailMessage, kind: str) -> str | None:
    part = parsed.get_body((kind,))
    if part is None:
        return None
    try:
        return str(part.get_content())
    except (LookupError, ValueError):  # a character set or an encoding that nobody knows
        return str(part.get_payload())


def _date(parsed: EmailMessage) -> datetime | None:
    stated = getattr(parsed["Date"], "datetime", None)
    if not isinstance(stated, datetime):
        return None
    return stated.astimezone(UTC) if stated.tzinfo else stated.replace(tzinfo=UTC)
