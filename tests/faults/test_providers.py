"""Each provider fails in each way, in the middle of everything; afterwards everything is as if it had not."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import httpx
import psutil
import pytest

from acme_config.settings import StripeSettings
from acme_payments.stripe_gateway import StripeGateway
from acme_standalone.demo.scenes import Person, write_selfie
from acme_standalone.postgres import EmbeddedPostgres
from tests.conftest import running_platform, serving, stripe_stand_in
from tests.faults.mail_provider import MailProvider
from tests.faults.proxy import PROVIDER_FAULTS, Fault, Proxy
from tests.faults.visits import Visit, World
from tests.services.harness import picture
from tests.services.main.test_consents import BIOMETRIC, consent
from tests.services.main.test_purchases import confirm, deliver, events_of, stand_in

__all__ = ["stand_in"]

GROUPS = (("object store",), ("payments", "faces", "mail"))
"""What fails together. A job that cannot read its picture asks no face engine: the store fails alone."""

SHORT_TIMES = {
    "acme_storage.gateway.ANSWER_S": 0.7,
    "acme_storage.gateway.TRIES": 2,
    "acme_payments.stripe_gateway.TIMEOUT_S": 0.7,
    "acme_mail.resend.TIMEOUT_S": 0.7,
    "acme_media.worker.PROVIDER_ANSWER_S": 4.0,
    "acme_media.faces.rekognition.calls.FIRST_PAUSE_S": 0.05,
    "acme_media.photos.service.STORE_ANSWERS_WITHIN_S": 3.0,
    "acme_core.circuit.REST_S": 0.3,
    "acme_core.circuit.LONGEST_REST_S": 1.0,
}


@pytest.fixture(scope="module")
def selfie(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_selfie(tmp_path_factory.mktemp("selfie"), Person.EILEEN).read_bytes()


@pytest.fixture(scope="module")
def stripe_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of its own: each payment that it knows must be one of this database's."""
    with stripe_stand_in(tmp_path_factory.mktemp("stripe")) as url:
        yield url


@pytest.fixture(scope="module")
def proxies(
    object_store_url: str, stripe_url: str, rekognition_url: str, mail_provider: MailProvider
) -> Iterator[Mapping[str, Proxy]]:
    targets = {
        "object store": object_store_url,
        "payments": stripe_url,
        "faces": rekognition_url,
        "mail": mail_provider.url,
    }
    with ExitStack() as stack:
        yield {name: stack.enter_context(Proxy(url)) for name, url in targets.items()}


@pytest.fixture(scope="module")
def mail_provider() -> Iterator[MailProvider]:
    with MailProvider() as provider:
        yield provider


@pytest.fixture(scope="module")
async def world(
    postgres: EmbeddedPostgres,
    template: str,
    redis_url: str,
    proxies: Mapping[str, Proxy],
    mail_provider: MailProvider,
) -> AsyncIterator[World]:
    database_url = postgres.create_database("providers", template)
    settings = {
        "FACE_ENGINE": "rekognition",
        "REKOGNITION_ENDPOINT_URL": proxies["faces"].url,
        "REKOGNITION_CALLS_PER_S": "1000",
        "MAIL_TRANSPORT": "resend",
        "RESEND_API_KEY": "re_the_tests",
        "RESEND_API_BASE": proxies["mail"].url,
        "S3_BUCKET": "acme-faults",
    }
    async with AsyncExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for name, text in settings.items():
            patch.setenv(name, text)
        for name, value in SHORT_TIMES.items():
            patch.setattr(name, value)
        queue_url = redis_url.removesuffix("/0") + "/8"
        urls = (queue_url, proxies["object store"].url, proxies["payments"].url)
        platform = await stack.enter_async_context(running_platform(database_url, *urls))
        gateway = await stack.enter_async_context(StripeGateway(StripeSettings()))
        event = await platform.new_event()
        yield World(platform, proxies, mail_provider, gateway, event, await event.new_package())


@pytest.mark.parametrize("fault", PROVIDER_FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("broken", GROUPS, ids=" and ".join)
async def test_after_a_providers_fault_everything_is_as_without_it(
    world: World, stand_in: httpx.Client, selfie: bytes, broken: tuple[str, ...], fault: Fault
) -> None:
    before = {name: world.proxies[name].injected for name in broken}
    guest = await world.event.new_member()
    await consent(world.platform, guest)
    visit = Visit(world, guest, selfie)
    await _under(world, broken, fault, visit.act)
    while not visit.is_over:
        await visit.act()
    await world.come_to_rest()
    intent_id = confirm(stand_in, visit.purchase)

    async def pay_and_leave() -> None:
        for event in events_of(stand_in, intent_id):
            assert await deliver(world.platform, event) == 200
        assert (await guest.call("DELETE", f"/consents/{BIOMETRIC}")).status_code == 202

    await _under(world, broken, fault, pay_and_leave)
    await world.come_to_rest()
    assert await world.broken_promises() == []
    await _require_all_done(world, visit)
    assert [name for name in broken if world.proxies[name].injected == before[name]] == []


async def _under(
    world: World, broken: tuple[str, ...], fault: Fault, act: Callable[[], Awaitable[None]]
) -> None:
    for name in broken:
        world.proxies[name].break_with(fault)
    try:
        await act()
        await world.rounds(2)
    finally:
        for name in broken:
            world.proxies[name].heal()


async def _require_all_done(world: World, visit: Visit) -> None:
    (photo,) = await world.platform.sql(
        "SELECT * FROM photos WHERE id = CAST(:id AS uuid)", id=visit.photo_id
    )
    assert (photo.status, photo.recognition_state) == ("ready", "done")
    assert (await visit.guest.get(f"/purchases/{visit.purchase['id']}"))["status"] == "paid"
    receipts = (await visit.guest.get("/consents/receipts"))["items"]
    assert [item["state"] for item in receipts] == ["completed"]
    assert receipts[0]["erased"]["provider_faces"] == 1
    assert receipts[0]["erased"]["selfies"] >= 1  # one that was sent and not acknowledged is sent again
    mails = await world.platform.sql(
        "SELECT payload ->> 'mail_id' AS key, payload ->> 'template' AS template FROM outbox_jobs "
        "WHERE name = 'send_email' AND payload ->> 'recipient_id' = :id",
        id=visit.guest.account["id"],
    )
    assert {row.template for row in mails} >= {"receipt", "erasure_receipt"}
    assert all(row.key in world.mails.sent for row in mails)


async def test_a_full_disk_refuses_uploads_and_takes_them_once_there_is_room(
    postgres: EmbeddedPostgres,
    template: str,
    tmp_path: Path,
    redis_url: str,
    stripe_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As the file system tells it: a write fails, of the files and of the index."""
    monkeypatch.setenv("LOG_LEVEL", "CRITICAL")  # its log goes to a file of pytest's, which would be full too
    database_url = postgres.create_database("full_disk", template)
    queue_url = redis_url.removesuffix("/0") + "/9"
    store = serving("acme_standalone.objectstore", tmp_path / "full", "/-/health")
    with store as url:
        async with running_platform(database_url, queue_url, url, stripe_url) as platform:
            event = await platform.new_event()
            first = await event.upload(picture(910))
            process = psutil.Process(store._process.pid)
            process.rlimit(psutil.RLIMIT_FSIZE, (0, psutil.RLIM_INFINITY))
            media = platform.media.as_({"access_token": event.photographer.token})
            body = picture(911)
            issued = await media.post("/photographers/me/photos/upload-url", event.announced(body))
            async with httpx.AsyncClient() as http:
                refused = await http.put(
                    issued["upload"]["url"], content=body, headers=issued["upload"]["headers"]
                )
            assert (refused.status_code, "<Code>StorageFull</Code>" in refused.text) == (507, True)
            assert [path for path in tmp_path.rglob("*") if path.parent.name == "incoming"] == []
            path = f"/photographers/me/photos/{issued['photo_id']}/complete"
            missing = await media.call("POST", path)
            assert (missing.status_code, missing.json()["code"]) == (409, "upload_missing")
            again = await platform.jobs.run_once()
            assert again  # its derivatives could not be written
            process.rlimit(psutil.RLIMIT_FSIZE, (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY))
            async with httpx.AsyncClient() as http:
                taken = await http.put(
                    issued["upload"]["url"], content=body, headers=issued["upload"]["headers"]
                )
            assert taken.status_code == 200
            await media.post(path)
            for job_id in again:
                await platform.jobs.runner.run(job_id)
            await platform.jobs.run()
            for photo_id in (first, issued["photo_id"]):
                photo = await media.get(f"/photographers/me/photos/{photo_id}")
                assert photo["status"] == "ready"
