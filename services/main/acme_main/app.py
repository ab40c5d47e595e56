from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from acme_auth.receipts import ReceiptSigner
from acme_core.retention import RetentionPolicy
from acme_main.accounts.endpoints import router as accounts
from acme_main.consents.documents import ConsentTexts
from acme_main.consents.endpoints import router as consents
from acme_main.consents.publishing import publish
from acme_main.consents.receipt_endpoints import router as receipts
from acme_main.consents.receipt_endpoints import well_known
from acme_main.gallery.endpoints import SHORTCUTS
from acme_main.gallery.endpoints import router as gallery
from acme_main.hiding.endpoints import router as hiding
from acme_main.joining.endpoints import router as joining
from acme_main.privacy.endpoints import router as privacy
from acme_main.purchases.endpoints import router as purchases
from acme_main.settings import MainSettings
from acme_main.webhooks.endpoints import router as webhooks
from acme_payments.stripe_gateway import StripeGateway
from acme_storage.gateway import ObjectStorage
from acme_web.app import build_app
from acme_web.capacity import Capacity
from acme_web.health import data_checks
from acme_web.rate_limits import open_limits
from acme_web.resources import open_auth, open_data
from acme_web.serve import prepared

ROUTERS = (accounts, receipts, consents, joining, gallery, hiding, purchases, privacy, webhooks)


def create_app(settings: MainSettings) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (
            open_data(settings.database, settings.redis, name="main", keeps_plans=True) as data,
            open_auth(settings.tokens, settings.platform) as auth,
            open_limits(settings.limits, settings.redis) as limits,
            StripeGateway(settings.stripe) as payments,
        ):
            storage = ObjectStorage(settings.storage)
            app.state.data, app.state.auth, app.state.storage = data, auth, storage
            app.state.limits = limits
            app.state.capacity = Capacity(data.redis, settings.jobs.waiting_limit)
            app.state.consent_texts = texts = ConsentTexts.read(settings.consents)
            await publish(data.sessions, texts)
            app.state.payments = payments
            app.state.health_checks = {**data_checks(data), "object_store": storage.is_reachable}
            yield

    app = build_app(
        title="Acme main",
        server=settings.server,
        routers=ROUTERS,
        at_root=[well_known],
        lifespan=lifespan,
        shortcuts=SHORTCUTS,
    )
    app.state.stripe = settings.stripe
    app.state.retention = RetentionPolicy.of(
        settings.retention, settings.consents, settings.jobs, settings.webhook_log
    )
    app.state.receipts = ReceiptSigner(settings.receipts)
    return app


def create_from_environment() -> FastAPI:
    return prepared(lambda: create_app(MainSettings()))
