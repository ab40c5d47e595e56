"""Amounts are integers in the currency's smallest unit, whatever number of decimals it has."""

import re

from acme_core.money import CHARGEABLE
from acme_standalone.stripe_standin.errors import invalid
from acme_standalone.stripe_standin.forms import Form, text_of

MIN_AMOUNT, MAX_AMOUNT = 50, 99_999_999
_DIGITS = re.compile(r"[0-9]+")
_MAX_DIGITS = len(str(MAX_AMOUNT))


def amount_of(form: Form, name: str) -> int:
    """Zero is let through: whether it is too small is the caller's to say."""
    text = text_of(form, name)
    if text is None:
        raise invalid(f"Missing required param: {name}.", code="parameter_missing", param=name)
    if not _DIGITS.fullmatch(text):
        raise invalid(f"Invalid integer: {text}", code="parameter_invalid_integer", param=name)
    digits = text.lstrip("0") or "0"
    # The length comes first: int() refuses thousands of digits with an error of its own.
    if len(digits) > _MAX_DIGITS or int(digits) > MAX_AMOUNT:
        raise invalid(f"Amount must be no more than {MAX_AMOUNT}.", code="amount_too_large", param=name)
    return int(digits)


def currency_of(form: Form) -> str:
    currency = (text_of(form, "currency") or "").lower()
    if currency.upper() not in CHARGEABLE:
        raise invalid(f"Invalid currency: {currency}.", code="invalid_currency", param="currency")
    return currency
