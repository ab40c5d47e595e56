"""One contract for the mailers, and what each does beside it."""

import email
import email.policy
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr

from acme_config.settings import MailSettings, MailTransport
from acme_mail.mailbox import MailboxMailer
from acme_mail.mailer import Mail, Mailer, MailRejected, MailUnavailable, build_mailer
from acme_mail.resend import ResendMailer
from acme_mail.smtp import SmtpMailer
from acme_standalone.processes.ports import free_port

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


class MailServer:
    """Takes mails for everybody but those whom it was told to refuse."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.refusals = {"nobody@example.com": "550 no such user", "busy@example.com": "450 come again"}

    async def handle_RCPT(  # noqa: N802 - the library calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.refusals.get(address, "250 OK")

    async def handle_DATA(  # noqa: N802 - likewise
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.taken.append(envelope)
        return "250 OK"


@pytest.fixture
def mail_server() -> Iterator[tuple[MailServer, Callable[..., SmtpMailer]]]:
    handler = MailServer()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()

    def mailer(**over: str) -> SmtpMailer:
        given = {"MAIL_TRANSPORT": "smtp", "SMTP_HOST": "127.0.0.1", "SMTP_PORT": controller.port}
        return SmtpMailer(MailSettings.model_validate({**given, "SMTP_SECURITY": "none", **over}))

    yield handler, mailer
    controller.stop()


SmtpParts = tuple[MailServer, Callable[..., SmtpMailer]]


async def test_a_mail_server_takes_whole_messages(mail_server: SmtpParts) -> None:
    handler, mailer = mail_server
    await mailer(MAIL_FROM="Photos <photos@acme.example>").send(MAIL)
    (envelope,) = handler.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("photos@acme.example", ["ann@example.com"])
    assert isinstance(envelope.content, bytes)
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert (message["Subject"], message["From"]) == ("Gr\u00fc\u00dfe", "Photos <photos@acme.example>")
    parts = [str(part.get_content()).strip() for part in message.walk() if not part.is_multipart()]
    assert parts == ["Hello Ann", "<p>Hello Ann</p>"]


async def test_a_mail_that_is_sent_again_is_known_by_its_id(mail_server: SmtpParts) -> None:
    handler, mailer = mail_server
    for key in ("receipt:1", "receipt:1", "receipt:2"):
        await mailer().send(Mail("ann@example.com", "Hi", "Hi", "<p>Hi</p>", key))
    contents = [envelope.content for envelope in handler.taken if isinstance(envelope.content, bytes)]
    first, again, other = (email.message_from_bytes(content)["Message-ID"] for content in contents)
    assert first == again != other
    assert first.endswith("@example.com>")


async def test_what_a_mail_server_says_decides_whether_to_try_again(mail_server: SmtpParts) -> None:
    handler, mailer = mail_server
    with pytest.raises(MailRejected, match="550"):
        await mailer().send(Mail("nobody@example.com", "Hi", "Hi", "<p>Hi</p>", "1"))
    with pytest.raises(MailUnavailable, match="450"):
        await mailer().send(Mail("busy@example.com", "Hi", "Hi", "<p>Hi</p>", "2"))
    with pytest.raises(MailUnavailable):
        await mailer(SMTP_PORT="1").send(MAIL)
    assert handler.taken == []


async def test_nothing_is_sent_in_the_clear_where_encryption_was_asked_for(mail_server: SmtpParts) -> None:
    handler, mailer = mail_server
    for security in ("starttls", "tls"):
        with pytest.raises(MailUnavailable):
            await mailer(SMTP_SECURITY=security).send(MAIL)
    assert handler.taken == []


def test_a_password_never_travels_in_the_clear() -> None:
    given = {"MAIL_TRANSPORT": "smtp", "SMTP_HOST": "mail.example.com", "SMTP_PASSWORD": SecretStr("word")}
    with pytest.raises(ValueError, match="SMTP_SECURITY"):
        MailSettings.model_validate({**given, "SMTP_SECURITY": "none"})
    assert isinstance(build_mailer(MailSettings.model_validate(given)), SmtpMailer)
    with pytest.raises(ValueError, match="SMTP_HOST"):
        MailSettings(MAIL_TRANSPORT="smtp")
