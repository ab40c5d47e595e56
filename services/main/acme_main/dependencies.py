from typing import Annotated

from fastapi import Depends, Request

from acme_config.settings import StripeSettings
from acme_payments.gateway import PaymentGateway
from acme_storage.gateway import ObjectStorage


async def _storage(request: Request) -> ObjectStorage:
    storage: ObjectStorage = request.app.state.storage
    return storage


async def _payments(request: Request) -> PaymentGateway:
    payments: PaymentGateway = request.app.state.payments
    return payments


async def _stripe(request: Request) -> StripeSettings:
    stripe: StripeSettings = request.app.state.stripe
    return stripe


Storage = Annotated[ObjectStorage, Depends(_storage)]
Payments = Annotated[PaymentGateway, Depends(_payments)]
Stripe = Annotated[StripeSettings, Depends(_stripe)]
