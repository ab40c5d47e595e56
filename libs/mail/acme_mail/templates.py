"""What the mails say. Text and HTML are rendered from one source, so that they never differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache, partial
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from acme_core.money import exponent

Language = Literal["en", "de"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class MailTemplate(StrEnum):
    VERIFY_ADDRESS = "verify_address"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a mail
    PHOTOGRAPHER_INVITE = "photographer_invite"
    PHOTOS_READY = "photos_ready"
    SELFIE_REJECTED = "selfie_rejected"
    SELFIES_ALIKE = "selfies_alike"
    HIDING_DECIDED = "hiding_decided"
    CONSENT_CHANGED = "consent_changed"
    RECEIPT = "receipt"
    REFUND = "refund"
    ERASURE_RECEIPT = "erasure_receipt"
    WEBHOOK_DISABLED = "webhook_disabled"


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


def language_of(locale: str) -> Language:
    """`de-AT` -> `de`; English for whoever reads none of ours."""
    found = locale.partition("-")[0].lower()
    return next((language for language in LANGUAGES if language == found), "en")


def render(template: MailTemplate, context: Mapping[str, object], locale: str = "en") -> Rendered:
    """In the locale's language, with its way to write money and times.

    The first line of a source is the subject. Raises `jinja2.UndefinedError` for a missing value.
    """
    language = language_of(locale)
    subject, text = _filled(_text_environment(), template, context, locale)
    _, marked_up = _filled(_html_environment(), template, context, locale)
    layout = _html_environment().get_template("layout.html")
    blocks = [_block(part) for part in marked_up.split("\n\n") if part.strip()]
    return Rendered(subject, text, layout.render(language=language, subject=subject, blocks=blocks) + "\n")


def _filled(
    environment: Environment, template: MailTemplate, context: Mapping[str, object], locale: str
) -> tuple[str, str]:
    """Subject and the rest."""
    known = _known_locale(locale)
    environment = environment.overlay()
    environment.filters["money"] = partial(_money, locale=known)
    environment.filters["moment"] = partial(_moment, locale=known)
    filled = environment.get_template(f"{language_of(locale)}/{template}.txt").render(context)
    subject, _, rest = filled.strip().partition("\n")
    return " ".join(subject.split()), rest.strip() + "\n"


@cache
def _text_environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("acme_mail", "texts"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - plain text
        trim_blocks=True,
    )
    environment.globals["button"] = lambda label, link: f"{label}:\n{link}"
    return environment


@cache
def _html_environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("acme_mail", "texts"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
    )
    environment.globals["button"] = _button
    return environment


_BUTTON = Markup(
    '<a href="{link}" style="display: inline-block; padding: 12px 20px; border-radius: 8px; '
    'background: #1d4ed8; color: #ffffff; font-weight: 600; text-decoration: none">{label}</a>'
)


def _button(label: str, link: str) -> Markup:
    return _BUTTON.format(label=label, link=link)


def _block(paragraph: str) -> Markup:
    """A paragraph, or a list where each line begins with a dash. The text is escaped already."""
    lines = paragraph.strip().split("\n")
    if all(line.startswith("- ") for line in lines):
        items = "".join(f"<li>{line[2:]}</li>" for line in lines)
        return Markup(f'<ul style="margin: 16px 0; padding-left: 20px">{items}</ul>')  # noqa: S704 - escaped above
    return Markup(f'<p style="margin: 16px 0">{"<br>".join(lines)}</p>')  # noqa: S704 - escaped above


def _money(amount: int, currency: str, *, locale: Locale) -> str:
    """`1999`, `EUR` -> `€19.99`, as the locale writes it."""
    major = Decimal(str(amount)).scaleb(-exponent(str(currency)))  # str() lets a missing value speak up
    return format_currency(major, currency, locale=locale)


def _moment(value: datetime, timezone: str, *, locale: Locale) -> str:
    """By the clock of that place, and says by whose."""
    local = value.astimezone(ZoneInfo(str(timezone)))
    return f"{format_date(local, 'long', locale)} {format_time(local, 'HH:mm OOOO', locale=locale)}"


@cache
def _known_locale(locale: str) -> Locale:
    """As near as CLDR comes to it; its language at least."""
    language = language_of(locale)
    try:
        found = Locale.parse(locale, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale(language)
    return found if found.language == language else Locale(language)
