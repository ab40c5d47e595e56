import pytest
from jinja2 import UndefinedError

from acme_mail.templates import MailTemplate, render

CONTEXTS: dict[MailTemplate, dict[str, object]] = {
    MailTemplate.VERIFY_ADDRESS: {"name": "Ann", "link": "https://example.com/verify-email#ott_1"},
    MailTemplate.PASSWORD_RESET: {
        "name": "Ann",
        "role": "a guest",
        "link": "https://example.com/reset-password#ott_1",
    },
    MailTemplate.PHOTOGRAPHER_INVITE: {
        "name": "Robin <b>",
        "operator_name": "Acme & Sons",
        "link": "https://example.com/accept-invite#ott_1",
    },
    MailTemplate.SELFIE_REJECTED: {
        "name": "Ann",
        "advice": "The picture is too dark.",
        "link": "https://example.com/selfie",
    },
    MailTemplate.RECEIPT: {
        "name": "Ann",
        "project_name": "Gala",
        "package_name": "Two photos",
        "amount": "15.00",
        "currency": "EUR",
        "paid_at": "2026-06-20 18:00 UTC",
        "purchase_id": "p-1",
        "link": "https://example.com/projects/1",
    },
    MailTemplate.REFUND: {
        "name": "Ann",
        "project_name": "Gala",
        "package_name": "Two photos",
        "refunded": "5.00",
        "amount": "15.00",
        "currency": "EUR",
        "purchase_id": "p-1",
    },
    MailTemplate.ERASURE_RECEIPT: {
        "name": "Ann",
        "completed_at": "2026-06-20 18:00 UTC",
        "erased": {"selfies": 1, "automatic_tags": 3},
        "receipt_id": "r-1",
    },
}


@pytest.mark.parametrize("template", MailTemplate)
def test_every_mail_says_all_that_it_is_given_in_both_parts(template: MailTemplate) -> None:
    context = CONTEXTS[template]
    rendered = render(template, context)
    assert rendered.subject
    assert "\n" not in rendered.subject
    for name, value in context.items():
        if isinstance(value, str) and name != "operator_name":
            assert value in rendered.subject + rendered.text
    assert "{{" not in rendered.text + rendered.html
    assert rendered.html.count("<p>") == rendered.text.strip().count("\n\n") + 1


@pytest.mark.parametrize("template", MailTemplate)
def test_a_missing_value_is_an_error_not_a_gap(template: MailTemplate) -> None:
    context = dict(list(CONTEXTS[template].items())[1:])
    with pytest.raises(UndefinedError):
        render(template, context)


def test_names_cannot_become_markup() -> None:
    rendered = render(MailTemplate.PHOTOGRAPHER_INVITE, CONTEXTS[MailTemplate.PHOTOGRAPHER_INVITE])
    assert "Robin &lt;b&gt;" in rendered.html
    assert "<b>" not in rendered.html
    assert '<a href="https://example.com/accept-invite#ott_1">' in rendered.html


def test_counts_are_listed() -> None:
    text = render(MailTemplate.ERASURE_RECEIPT, CONTEXTS[MailTemplate.ERASURE_RECEIPT]).text
    assert "- selfies: 1\n- automatic tags: 3\n" in text


def test_a_subject_stays_one_line_whatever_the_names() -> None:
    context = {**CONTEXTS[MailTemplate.RECEIPT], "project_name": "Gala\nBcc: all"}
    assert "\n" not in render(MailTemplate.RECEIPT, context).subject
