from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from acme_auth.second_factors import SecondFactors
from acme_backoffice.accounts.endpoints import router as accounts
from acme_backoffice.admin.endpoints import router as admin
from acme_backoffice.analytics.endpoints import router as analytics
from acme_backoffice.coaches.endpoints import router as coaches
from acme_backoffice.matching.endpoints import router as matching
from acme_backoffice.packages.endpoints import router as packages
from acme_backoffice.photographers.endpoints import router as photographers
from acme_backoffice.photos.endpoints import router as photos
from acme_backoffice.projects.endpoints import router as projects
from acme_backoffice.purchases.endpoints import router as purchases
from acme_backoffice.qr_tokens.endpoints import router as qr_tokens
from acme_backoffice.retention.endpoints import router as retention
from acme_backoffice.review.endpoints import router as review
from acme_backoffice.settings import BackofficeSettings
from acme_backoffice.system.endpoints import router as system
from acme_backoffice.watermarks.endpoints import router as watermarks
from acme_backoffice.webhooks.endpoints import router as webhooks
from acme_core.retention import RetentionPolicy
from acme_payments.stripe_gateway import StripeGateway
from acme_storage.gateway import ObjectStorage
from acme_web.app import build_app
from acme_web.health import data_checks
from acme_web.rate_limits import open_limits
from acme_web.resources import open_auth, open_data, open_replica
from acme_web.serve import prepared
from acme_webhooks.secrets import SecretBox
from acme_webhooks.targets import TargetPolicy

ROUTERS = (
    accounts,
    projects,
    photographers,
    packages,
    coaches,
    qr_tokens,
    photos,
    watermarks,
    review,
    matching,
    purchases,
    analytics,
    webhooks,
    retention,
    admin,
    system,
)


def create_app(settings: BackofficeSettings) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (
            open_data(settings.database, settings.redis, name="backoffice", keeps_plans=True) as data,
            open_replica(settings.database, data, name="backoffice-reading") as reading,
            open_auth(settings.tokens, settings.platform) as auth,
            open_limits(settings.limits, settings.redis) as limits,
            StripeGateway(settings.stripe) as payments,
        ):
            storage = ObjectStorage(settings.storage)
            app.state.data, app.state.auth, app.state.storage = data, auth, storage
            app.state.limits = limits
            app.state.reading = reading
            app.state.payments = payments
            app.state.health_checks = {**data_checks(data), "object_store": storage.is_reachable}
            app.state.system_checks = {**app.state.health_checks, "stripe": payments.is_reachable}
            yield

    app = build_app(title="Acme backoffice", server=settings.server, routers=ROUTERS, lifespan=lifespan)
    app.state.links, app.state.faces = settings.links, settings.faces
    app.state.webhook_secrets = SecretBox(settings.webhooks)
    app.state.webhook_targets = TargetPolicy(is_open=settings.platform.environment.is_local)
    app.state.retention = RetentionPolicy.of(
        settings.retention, settings.consents, settings.jobs, settings.webhook_log
    )
    app.state.second_factors = SecondFactors(settings.second_factors)
    return app


def create_from_environment() -> FastAPI:
    return prepared(lambda: create_app(BackofficeSettings()))
