"""One contract for both mailers, and what each does beside it."""

import email
import email.policy
import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from acme_config.settings import MailSettings, MailTransport
from acme_mail.mailbox import MailboxMailer
from acme_mail.mailer import Mail, Mailer, MailRejected, MailUnavailable, build_mailer
from acme_mail.resend import ResendMailer

MAIL = Mail("ann@example.com", "Grüße", "Hello Ann", "<p>Hello Ann</p>", "receipt:1")


def mailbox(folder: Path) -> MailboxMailer:
    return MailboxMailer(MailSettings(MAIL_TRANSPORT="mailbox", MAILBOX_DIR=folder))


def resend(answer: Callable[[httpx.Request], httpx.Response]) -> ResendMailer:
    settings = MailSettings(MAIL_TRANSPORT="resend", RESEND_API_KEY="re_key", MAIL_FROM="A <a@example.com>")
    return ResendMailer(settings, transport=httpx.MockTransport(answer))


class Resend:
    """As its documentation says: a key sends once."""

    def __init__(self) -> None:
        self.sent: dict[str, dict[str, object]] = {}
        self.authorization = ""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.authorization = request.headers["Authorization"]
        self.sent.setdefault(request.headers["Idempotency-Key"], json.loads(request.content))
        return httpx.Response(200, json={"id": "1"})


@pytest.fixture(params=["mailbox", "resend"])
def mailer(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Mailer, Callable[[], int]]:
    if request.param == "mailbox":
        return mailbox(tmp_path), lambda: len(list(tmp_path.glob("*.eml")))
    provider = Resend()
    return resend(provider), lambda: len(provider.sent)


async def test_a_mail_of_one_key_is_sent_once(mailer: tuple[Mailer, Callable[[], int]]) -> None:
    sender, count = mailer
    await sender.send(MAIL)
    await sender.send(MAIL)
    await sender.send(Mail("bob@example.com", "Hi", "Hi", "<p>Hi</p>", "receipt:2"))
    assert count() == 2


async def test_the_mailbox_keeps_whole_messages(tmp_path: Path) -> None:
    await mailbox(tmp_path).send(MAIL)
    (path,) = tmp_path.iterdir()
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert (message["To"], message["Subject"]) == ("ann@example.com", "Grüße")
    parts = [str(part.get_content()).strip() for part in message.walk() if not part.is_multipart()]
    assert parts == ["Hello Ann", "<p>Hello Ann</p>"]


async def test_resend_is_told_everything() -> None:
    provider = Resend()
    await resend(provider).send(MAIL)
    assert provider.authorization == "Bearer re_key"
    assert provider.sent["receipt:1"] == {
        "from": "A <a@example.com>",
        "to": ["ann@example.com"],
        "subject": "Grüße",
        "text": "Hello Ann",
        "html": "<p>Hello Ann</p>",
    }


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (429, MailUnavailable),
        (500, MailUnavailable),
        (503, MailUnavailable),
        (422, MailRejected),
        (403, MailRejected),
    ],
)
async def test_refusals_say_whether_to_come_back(status: int, expected: type[Exception]) -> None:
    with pytest.raises(expected):
        await resend(lambda _: httpx.Response(status)).send(MAIL)


async def test_an_unreachable_provider_is_unavailable() -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("no answer")

    with pytest.raises(MailUnavailable):
        await resend(fail).send(MAIL)


@pytest.mark.parametrize("field", ["to", "subject"])
def test_no_header_can_be_broken_out_of(field: str) -> None:
    values = {"to": "a@example.com", "subject": "s", "text": "", "html": "", "idempotency_key": "k"}
    with pytest.raises(MailRejected):
        Mail(**{**values, field: "x\r\nBcc: everybody@example.com"})


def test_the_transport_is_a_setting(tmp_path: Path) -> None:
    assert isinstance(build_mailer(MailSettings(MAILBOX_DIR=tmp_path)), MailboxMailer)
    settings = MailSettings(MAIL_TRANSPORT=MailTransport.RESEND, RESEND_API_KEY=SecretStr("re_key"))
    assert isinstance(build_mailer(settings), ResendMailer)
