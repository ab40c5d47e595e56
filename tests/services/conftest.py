"""The three services in one process, on the real parts."""

from collections.abc import AsyncIterator

import httpx
import pytest
from acme_backoffice.app import create_app as create_backoffice
from acme_backoffice.settings import BackofficeSettings
from acme_config.settings import StorageSettings, StripeSettings
from acme_jobs.runner import JobRunner
from acme_mail.mailer import build_mailer
from acme_main.app import create_app as create_main
from acme_main.jobs.mails import MailJobs
from acme_main.jobs.payments import PaymentJobs
from acme_main.settings import MainSettings, MainWorkerSettings
from acme_main.worker import plan as plan_main
from acme_media.app import create_app as create_media
from acme_media.jobs.context import JobContext
from acme_media.settings import MediaSettings, MediaWorkerSettings
from acme_media.worker import plan_faces, plan_images
from acme_payments.stripe_gateway import StripeGateway
from acme_storage.gateway import ObjectStorage
from acme_web.resources import DataResources
from asgi_lifespan import LifespanManager
from fastapi import FastAPI

from tests.services.harness import Api, Jobs, Platform


@pytest.fixture(scope="session")
async def platform(
    database_url: str, redis_url: str, object_store_url: str, stripe_url: str
) -> AsyncIterator[Platform]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", database_url)
        patch.setenv("REDIS_URL", redis_url)
        patch.setenv("S3_ENDPOINT_URL", object_store_url)
        patch.setenv("STRIPE_API_BASE", stripe_url)
        await ObjectStorage(StorageSettings()).ensure_bucket(["http://localhost:4001"])
        apps = {
            "backoffice": create_backoffice(BackofficeSettings()),
            "main": create_main(MainSettings()),
            "media": create_media(MediaSettings()),
        }
        async with (
            LifespanManager(apps["backoffice"]),
            LifespanManager(apps["main"]),
            LifespanManager(apps["media"]),
            StripeGateway(StripeSettings()) as gateway,
        ):
            data: DataResources = apps["main"].state.data
            storage: ObjectStorage = apps["main"].state.storage
            context = JobContext(data.sessions, storage, MediaSettings().uploads)
            worker_settings, main_worker = MediaWorkerSettings(), MainWorkerSettings()
            mails = MailJobs(data.sessions, build_mailer(main_worker.mail), main_worker.links)
            plans = [
                plan_images(worker_settings, context),
                plan_faces(worker_settings, context),
                plan_main(mails, PaymentJobs(data.sessions, gateway)),
            ]
            handlers = {item.contract.name: item for plan in plans for item in plan.handlers}
            yield Platform(
                backoffice=_api(apps["backoffice"]),
                main=_api(apps["main"]),
                media=_api(apps["media"]),
                storage=storage,
                data=data,
                jobs=Jobs(data.sessions, JobRunner(data.sessions, handlers, "tests")),
                apps=apps,
            )


def _api(app: FastAPI) -> Api:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return Api(httpx.AsyncClient(transport=transport, base_url="http://testserver"))
