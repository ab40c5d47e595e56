import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from acme_standalone.mailbox.app import create_app

SCRIPT = "<script>alert(1)</script>"


def put_mail(
    folder: Path, name: str, *, to: str = "guest@example.com", subject: str = "Hello", age_s: int = 0
) -> None:
    message = EmailMessage()
    message["To"], message["Subject"] = to, subject
    message["Date"] = datetime.now(UTC) - timedelta(seconds=age_s)
    message.set_content(f"text of {name} {SCRIPT}")
    message.add_alternative(f"<p>html of {name} {SCRIPT}</p>", subtype="html")
    (folder / f"{name}.eml").write_bytes(message.as_bytes())


@pytest.fixture
async def inbox(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    folder = tmp_path / "mailbox"
    folder.mkdir()
    transport = httpx.ASGITransport(create_app(folder))
    async with httpx.AsyncClient(transport=transport, base_url="http://inbox") as client:
        yield client


@pytest.fixture
def folder(tmp_path: Path, inbox: httpx.AsyncClient) -> Path:
    return tmp_path / "mailbox"


async def test_the_list_is_newest_first_and_escapes_what_senders_write(
    inbox: httpx.AsyncClient, folder: Path
) -> None:
    put_mail(folder, "older", subject="first", age_s=60)
    put_mail(folder, "newer", subject=f"second {SCRIPT}", to=f'"{SCRIPT}" <x@example.com>')
    page = (await inbox.get("/")).text
    assert page.index("second") < page.index("first")
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page


async def test_a_message_is_shown_in_a_frame_that_may_run_nothing(
    inbox: httpx.AsyncClient, folder: Path
) -> None:
    put_mail(folder, "one", subject=SCRIPT)
    page = await inbox.get("/messages/one")
    assert SCRIPT not in page.text
    assert "text of one" in page.text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    framed = await inbox.get("/messages/one/html")
    assert "html of one" in framed.text
    assert framed.headers["content-security-policy"].startswith("sandbox allow-popups;")
    assert "default-src 'none'" in framed.headers["content-security-policy"]


async def test_programs_read_one_persons_mail(inbox: httpx.AsyncClient, folder: Path) -> None:
    put_mail(folder, "hers", to="Ann <Ann@Example.com>, else@example.com")
    put_mail(folder, "his", to="bob@example.com")
    items = (await inbox.get("/api/messages", params={"to": "ann@example.com"})).json()["items"]
    assert [item["id"] for item in items] == ["hers"]
    assert items[0]["subject"] == "Hello"
    assert items[0]["text"].startswith("text of hers")
    assert "<p>html of hers" in items[0]["html"]
    assert datetime.fromisoformat(items[0]["date"]).tzinfo
    assert len((await inbox.get("/api/messages")).json()["items"]) == 2
    assert (await inbox.get("/api/messages", params={"to": "ann@example.co"})).json() == {"items": []}


@pytest.mark.parametrize("name", ["missing", "..%2Fsecret", "%2Fetc%2Fpasswd", "a%00b", ".hidden", "x" * 300])
async def test_no_name_leads_out_of_the_folder(name: str, inbox: httpx.AsyncClient, folder: Path) -> None:
    put_mail(folder.parent, "secret")
    put_mail(folder, ".hidden")
    assert (await inbox.get(f"/messages/{name}")).status_code == 404


async def test_broken_mail_does_not_break_the_list(inbox: httpx.AsyncClient, folder: Path) -> None:
    (folder / "noise.eml").write_bytes(os.urandom(2000))
    (folder / "empty.eml").write_bytes(b"")
    (folder / "charset.eml").write_bytes(
        b"To: a@b.c\nDate: never\nContent-Type: text/plain; charset=klingon\n\nQapla'"
    )
    (folder / "half.eml.part").write_bytes(b"To: not yet there")
    put_mail(folder, "good")
    items = (await inbox.get("/api/messages")).json()["items"]
    assert {item["id"] for item in items} == {"noise", "empty", "charset", "good"}
    assert (await inbox.get("/")).status_code == 200
    for item in items:
        assert (await inbox.get(f"/messages/{item['id']}")).status_code == 200
