"""Payment intents, charges, refunds and disputes: what each call does to them, and which events it makes."""

import time

from acme_standalone.stripe_standin.amounts import MIN_AMOUNT, amount_of, currency_of
from acme_standalone.stripe_standin.errors import StripeError, invalid, missing
from acme_standalone.stripe_standin.forms import Form, object_of, text_of
from acme_standalone.stripe_standin.store import Object, Store, new_id

API_VERSION = "2026-10-28.endive"
DECLINES = {
    "pm_card_visa_chargeDeclined": ("card_declined", "generic_decline", "Your card was declined."),
    "pm_card_chargeDeclined": ("card_declined", "generic_decline", "Your card was declined."),
    "pm_card_visa_chargeDeclinedInsufficientFunds": (
        "card_declined",
        "insufficient_funds",
        "Your card has insufficient funds.",
    ),
    "pm_card_chargeDeclinedInsufficientFunds": (
        "card_declined",
        "insufficient_funds",
        "Your card has insufficient funds.",
    ),
    "pm_card_chargeDeclinedExpiredCard": ("expired_card", "expired_card", "Your card has expired."),
}
DISPUTED = "pm_card_createDispute"
ACTION_REQUIRED = "pm_card_authenticationRequired"
ACCEPTED = {"pm_card_visa", "pm_card_mastercard", "pm_card_amex", DISPUTED}
_CONFIRMABLE = {"requires_payment_method", "requires_confirmation", "requires_action"}


class Payments:
    """Every method that changes something is called inside a transaction of the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create_intent(self, form: Form) -> Object:
        amount, currency = amount_of(form, "amount"), currency_of(form)
        if amount < MIN_AMOUNT:
            raise invalid("Amount must be at least 50.", code="amount_too_small", param="amount")
        identifier = new_id("pi")
        intent = {
            "id": identifier,
            "object": "payment_intent",
            "amount": amount,
            "amount_capturable": 0,
            "amount_received": 0,
            "automatic_payment_methods": object_of(form, "automatic_payment_methods") or None,
            "canceled_at": None,
            "cancellation_reason": None,
            "capture_method": "automatic",
            "client_secret": f"{identifier}_secret_{new_id('s')[2:]}",
            "confirmation_method": "automatic",
            "created": int(time.time()),
            "currency": currency,
            "customer": None,
            "description": text_of(form, "description"),
            "last_payment_error": None,
            "latest_charge": None,
            "livemode": False,
            "metadata": object_of(form, "metadata"),
            "next_action": None,
            "payment_method": None,
            "payment_method_types": ["card"],
            "receipt_email": text_of(form, "receipt_email"),
            "status": "requires_payment_method",
        }
        self._store.put(intent)
        self._emit("payment_intent.created", intent)
        return intent

    def intent(self, identifier: str) -> Object:
        found = self._store.get("payment_intent", identifier)
        if found is None:
            raise missing("payment_intent", identifier)
        return found

    def confirm_intent(self, identifier: str, form: Form) -> Object:
        """A declined card leaves the intent open: it may be confirmed again with another."""
        intent = self.intent(identifier)
        method = text_of(form, "payment_method") or intent["payment_method"] or ""
        if intent["status"] not in _CONFIRMABLE:
            raise StripeError(
                400,
                "invalid_request_error",
                f"This PaymentIntent's status is {intent['status']}: it cannot be confirmed.",
                code="payment_intent_unexpected_state",
                payment_intent=intent,
            )
        if method in DECLINES:
            return self._decline(intent, method)
        if method == ACTION_REQUIRED:
            action = {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
            intent |= {"status": "requires_action", "payment_method": method, "next_action": action}
            self._emit("payment_intent.requires_action", self._store.put(intent))
            return intent
        if method not in ACCEPTED:
            raise invalid(
                f"No such PaymentMethod: '{method}'", code="resource_missing", param="payment_method"
            )
        return self._succeed(intent, method)

    def cancel_intent(self, identifier: str) -> Object:
        intent = self.intent(identifier)
        if intent["status"] not in {*_CONFIRMABLE, "processing"}:
            raise invalid(
                f"You cannot cancel this PaymentIntent: its status is {intent['status']}.",
                code="payment_intent_unexpected_state",
            )
        intent |= {"status": "canceled", "canceled_at": int(time.time())}
        self._emit("payment_intent.canceled", self._store.put(intent))
        return intent

    def charge(self, identifier: str) -> Object:
        found = self._store.get("charge", identifier)
        if found is None:
            raise missing("charge", identifier)
        return found

    def create_refund(self, form: Form) -> Object:
        intent = self.intent(text_of(form, "payment_intent") or "")
        if intent["status"] != "succeeded":
            raise invalid("This PaymentIntent does not have a successful charge to refund.")
        charge = self.charge(intent["latest_charge"])
        left = charge["amount"] - charge["amount_refunded"]
        amount = amount_of(form, "amount") if "amount" in form else left
        if left == 0:
            raise invalid("Charge has already been refunded.", code="charge_already_refunded")
        if amount == 0:
            raise invalid("Invalid positive integer", code="parameter_invalid_integer", param="amount")
        if amount > left:
            raise invalid(f"Refund amount is greater than unrefunded amount ({left}).", param="amount")
        refund = {
            "id": new_id("re"),
            "object": "refund",
            "amount": amount,
            "charge": charge["id"],
            "created": int(time.time()),
            "currency": charge["currency"],
            "metadata": object_of(form, "metadata"),
            "payment_intent": intent["id"],
            "reason": text_of(form, "reason"),
            "status": "succeeded",
        }
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        self._store.put(refund)
        self._emit("refund.created", refund)
        self._emit("charge.refunded", self._store.put(charge))
        return refund

    def refund(self, identifier: str) -> Object:
        found = self._store.get("refund", identifier)
        if found is None:
            raise missing("refund", identifier)
        return found

    def disputes(self, intent_id: str | None) -> list[Object]:
        found = self._store.all_of("dispute")
        return [item for item in found if intent_id in {None, item["payment_intent"]}]

    def close_dispute(self, identifier: str, outcome: str) -> Object:
        """What a bank would decide: `won` or `lost`."""
        dispute = self._store.get("dispute", identifier)
        if dispute is None:
            raise missing("dispute", identifier)
        if outcome not in {"won", "lost"}:
            raise invalid("A dispute is won or lost.", param="status")
        dispute["status"] = outcome
        self._emit("charge.dispute.closed", self._store.put(dispute))
        return dispute

    def expanded(self, intent: Object, fields: list[str]) -> Object:
        if "latest_charge" in fields and intent["latest_charge"]:
            return {**intent, "latest_charge": self.charge(intent["latest_charge"])}
        return intent

    def _succeed(self, intent: Object, method: str) -> Object:
        charge = self._charge(intent, method, "succeeded", None)
        intent |= {
            "status": "succeeded",
            "amount_received": intent["amount"],
            "latest_charge": charge["id"],
            "payment_method": method,
            "next_action": None,
            "last_payment_error": None,
        }
        self._store.put(intent)
        self._emit("charge.succeeded", charge)
        self._emit("payment_intent.succeeded", intent)
        if method == DISPUTED:
            self._dispute(intent, charge)
        return intent

    def _decline(self, intent: Object, method: str) -> Object:
        """The error is the answer, and must not undo what it tells of: see `Declined`."""
        code, decline_code, message = DECLINES[method]
        charge = self._charge(intent, method, "failed", code)
        problem = {"type": "card_error", "code": code, "decline_code": decline_code, "message": message}
        intent |= {
            "status": "requires_payment_method",
            "latest_charge": charge["id"],
            "last_payment_error": problem,
            "payment_method": None,
        }
        self._store.put(intent)
        self._emit("charge.failed", charge)
        self._emit("payment_intent.payment_failed", intent)
        raise Declined(intent, code, decline_code, message)

    def _charge(self, intent: Object, method: str, status: str, failure: str | None) -> Object:
        return self._store.put(
            {
                "id": new_id("ch"),
                "object": "charge",
                "amount": intent["amount"],
                "amount_captured": intent["amount"] if status == "succeeded" else 0,
                "amount_refunded": 0,
                "captured": status == "succeeded",
                "created": int(time.time()),
                "currency": intent["currency"],
                "disputed": method == DISPUTED,
                "failure_code": failure,
                "livemode": False,
                "metadata": intent["metadata"],
                "paid": status == "succeeded",
                "payment_intent": intent["id"],
                "payment_method": method,
                "refunded": False,
                "status": status,
            }
        )

    def _dispute(self, intent: Object, charge: Object) -> None:
        dispute = {
            "id": new_id("du"),
            "object": "dispute",
            "amount": charge["amount"],
            "charge": charge["id"],
            "created": int(time.time()),
            "currency": charge["currency"],
            "payment_intent": intent["id"],
            "reason": "fraudulent",
            "status": "needs_response",
        }
        self._emit("charge.dispute.created", self._store.put(dispute))

    def _emit(self, kind: str, subject: Object) -> None:
        self._store.emit(kind, subject, API_VERSION)


class Declined(StripeError):
    """A card error. What was recorded about the attempt is kept."""

    def __init__(self, intent: Object, code: str, decline_code: str, message: str) -> None:
        super().__init__(
            402, "card_error", message, code=code, decline_code=decline_code, payment_intent=intent
        )
