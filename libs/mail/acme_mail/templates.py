"""What the mails say. Text and HTML are rendered from one text, so that they never differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from html import escape

from jinja2 import Environment, PackageLoader, StrictUndefined


class MailTemplate(StrEnum):
    VERIFY_ADDRESS = "verify_address"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a mail
    PHOTOGRAPHER_INVITE = "photographer_invite"
    SELFIE_REJECTED = "selfie_rejected"
    RECEIPT = "receipt"
    REFUND = "refund"
    ERASURE_RECEIPT = "erasure_receipt"


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("acme_mail", "texts"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - these are plain texts; the HTML is escaped as a whole below
        trim_blocks=True,
    )


def render(template: MailTemplate, context: Mapping[str, object]) -> Rendered:
    """The first line of a text is the subject. Raises `jinja2.UndefinedError` for a missing value."""
    filled = _environment().get_template(f"{template}.txt").render(context)
    subject, _, text = filled.strip().partition("\n")
    text = text.strip() + "\n"
    return Rendered(" ".join(subject.split()), text, _html(text))


def _html(text: str) -> str:
    paragraphs = "\n".join(f"<p>{_linked(escape(part))}</p>" for part in text.strip().split("\n\n"))
    return (
        '<!doctype html><html><body style="font-family: sans-serif; max-width: 36em; margin: 2em auto">\n'
        f"{paragraphs}\n</body></html>\n"
    )


def _linked(paragraph: str) -> str:
    words = [
        f'<a href="{word}">{word}</a>' if word.startswith(("https://", "http://")) else word
        for word in paragraph.replace("\n", "<br> ").split(" ")
    ]
    return " ".join(words)
