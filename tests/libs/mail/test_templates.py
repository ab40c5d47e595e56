"""Each mail in each language, text and HTML, as it is sent: `pytest --snapshot-update` writes them anew."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from jinja2 import UndefinedError
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from acme_mail.templates import LANGUAGES, Language, MailTemplate, language_of, render

LINK = "https://example.com/somewhere#ott_1"
SOLD: dict[str, object] = {
    "project_name": "Gala",
    "package_name": "Two photos",
    "amount": 1500,
    "currency": "EUR",
    "purchase_id": "p-1",
}
PAID: dict[str, object] = {
    **SOLD,
    "operator_name": "Acme & Sons",
    "paid_at": datetime(2026, 6, 20, 18, tzinfo=UTC),
    "timezone": "Europe/Vienna",
    "link": LINK,
}
ERASED: dict[str, object] = {
    "completed_at": datetime(2026, 6, 20, 18, tzinfo=UTC),
    "is_account": False,
    "erased": {"selfies": 1, "templates": 1, "provider_faces": 0, "objects": 2, "automatic_tags": 3},
    "kept": {"consents": 1, "bought_photos": 2},
    "receipt_id": "r-1",
    "link": LINK,
}
CONTEXTS: dict[MailTemplate, dict[str, object]] = {
    MailTemplate.VERIFY_ADDRESS: {"link": LINK},
    MailTemplate.PASSWORD_RESET: {"role": "user", "link": LINK},
    MailTemplate.PHOTOGRAPHER_INVITE: {"operator_name": "Acme & Sons", "link": LINK},
    MailTemplate.PHOTOS_READY: {"project_name": "Gala", "count": 3, "total": 12, "link": LINK},
    MailTemplate.SELFIE_REJECTED: {"advice": "The picture is too dark.", "link": LINK},
    MailTemplate.SELFIES_ALIKE: {"project_name": "Gala", "link": LINK},
    MailTemplate.HIDING_DECIDED: {
        "project_name": "Gala",
        "project_link": "https://gala.example.com/?a=1&b=2",
        "operator_name": "Acme & Sons",
        "is_blur": True,
        "is_accepted": True,
        "link": LINK,
    },
    MailTemplate.CONSENT_CHANGED: {"link": LINK},
    MailTemplate.RECEIPT: PAID,
    MailTemplate.REFUND: {**SOLD, "refunded": 500},
    MailTemplate.ERASURE_RECEIPT: ERASED,
    MailTemplate.WEBHOOK_DISABLED: {
        "url": "https://shop.example.com/hook?a=1&b=2",
        "host": "shop.example.com",
        "is_gone": False,
        "link": LINK,
    },
}


def filled(template: MailTemplate, **over: object) -> dict[str, object]:
    return {"name": "Robin <b>", **CONTEXTS[template], **over}


class TextPart(SingleFileSnapshotExtension):
    """One readable file for each part of each mail."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


class HtmlPart(TextPart):
    file_extension = "html"


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", MailTemplate)
def test_a_mail_is_what_it_was(
    snapshot: SnapshotAssertion, template: MailTemplate, language: Language
) -> None:
    rendered = render(template, filled(template), language)
    text = f"{rendered.subject}\n\n{rendered.text}"
    assert text == snapshot(name="text", extension_class=TextPart)
    assert rendered.html == snapshot(name="html", extension_class=HtmlPart)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", MailTemplate)
def test_both_parts_say_the_same(template: MailTemplate, language: Language) -> None:
    rendered = render(template, filled(template), language)
    tags = Tags(rendered.html)
    shown = " ".join(" ".join(tags.texts).split())
    for line in rendered.text.splitlines():
        plain = line.removeprefix("- ").removesuffix(":").strip()
        if plain and plain != LINK:
            assert " ".join(plain.split()) in shown
    links = [attributes["href"] for tag, attributes in tags.found if tag == "a"]
    assert links == [LINK] * rendered.text.count(LINK)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", MailTemplate)
def test_a_missing_value_is_an_error_not_a_gap(template: MailTemplate, language: Language) -> None:
    for name in filled(template):
        context = filled(template)
        del context[name]
        with pytest.raises(UndefinedError):
            render(template, context, language)


@pytest.mark.parametrize("template", MailTemplate)
def test_names_cannot_become_markup(template: MailTemplate) -> None:
    html = render(template, filled(template, name="<script>alert(1)</script>")).html
    assert "script" not in {tag for tag, _ in Tags(html).found}
    assert "&lt;script&gt;" in html


def test_a_link_cannot_leave_its_attribute() -> None:
    html = render(MailTemplate.VERIFY_ADDRESS, filled(MailTemplate.VERIFY_ADDRESS, link='x" onclick="y')).html
    (link,) = [attributes for tag, attributes in Tags(html).found if tag == "a"]
    assert link["href"] == 'x" onclick="y'
    assert "onclick" not in link


def test_a_subject_stays_one_line_whatever_the_names() -> None:
    context = filled(MailTemplate.RECEIPT, project_name="Gala\nBcc: all")
    assert "\n" not in render(MailTemplate.RECEIPT, context).subject


@pytest.mark.parametrize(
    ("locale", "amount", "currency", "written"),
    [
        ("en", 1999, "EUR", "€19.99"),
        ("de", 1999, "EUR", "19,99\N{NO-BREAK SPACE}€"),
        ("de-CH", 123456, "CHF", "CHF\N{NO-BREAK SPACE}1\N{RIGHT SINGLE QUOTATION MARK}234.56"),
        ("en-US", 1999, "JPY", "¥1,999"),
        ("de", 1999, "JPY", "1.999\N{NO-BREAK SPACE}¥"),
        ("en", 1999, "KWD", "KWD1.999"),
        ("fr", 1999, "EUR", "€19.99"),
    ],
)
def test_money_is_written_as_the_reader_does(locale: str, amount: int, currency: str, written: str) -> None:
    context = filled(MailTemplate.RECEIPT, amount=amount, currency=currency)
    assert written in render(MailTemplate.RECEIPT, context, locale).text


def test_times_are_told_by_the_clock_of_the_place() -> None:
    text = render(MailTemplate.RECEIPT, filled(MailTemplate.RECEIPT), "de-AT").text
    assert "20. Juni 2026 20:00 GMT+02:00" in text


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("language", LANGUAGES)
def test_one_photo_is_not_several(language: Language, count: int) -> None:
    rendered = render(MailTemplate.PHOTOS_READY, filled(MailTemplate.PHOTOS_READY, count=count), language)
    plural = {"en": "photos of you", "de": "Fotos von dir"}[language]
    assert (plural in rendered.text) == (count > 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_receipt_of_an_account_says_so(language: Language) -> None:
    erased: dict[str, Any] = {"account": 1, "archives": 2, "tags": 3}
    context = filled(MailTemplate.ERASURE_RECEIPT, is_account=True, erased=erased)
    rendered = render(MailTemplate.ERASURE_RECEIPT, context, language)
    assert {"en": "account", "de": "Konto"}[language] in rendered.subject


@pytest.mark.parametrize("is_accepted", [True, False])
@pytest.mark.parametrize("is_blur", [True, False])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_decision_about_hiding_says_what_it_was_about(
    snapshot: SnapshotAssertion, language: Language, *, is_blur: bool, is_accepted: bool
) -> None:
    context = filled(MailTemplate.HIDING_DECIDED, is_blur=is_blur, is_accepted=is_accepted, project_link=None)
    rendered = render(MailTemplate.HIDING_DECIDED, context, language)
    text = f"{rendered.subject}\n\n{rendered.text}"
    assert text == snapshot(name="text", extension_class=TextPart)


@pytest.mark.parametrize(
    ("locale", "language"), [("de", "de"), ("de-AT", "de"), ("en-GB", "en"), ("fr-FR", "en"), ("", "en")]
)
def test_who_reads_none_of_our_languages_reads_english(locale: str, language: Language) -> None:
    assert language_of(locale) == language
