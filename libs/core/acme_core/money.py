"""Money is an integer in the currency's minor unit, beside its ISO 4217 code."""

from decimal import Decimal

_EXPONENTS = {
    **dict.fromkeys(["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA"], 0),
    **dict.fromkeys(["PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"], 0),
    **dict.fromkeys(["BHD", "JOD", "KWD", "OMR", "TND"], 3),
}


def exponent(currency: str) -> int:
    """Decimal places of the minor unit, as the payment provider counts them."""
    return _EXPONENTS.get(currency, 2)


def format_amount(amount: int, currency: str) -> str:
    """`1999`, `EUR` -> `19.99`; `1999`, `JPY` -> `1999`."""
    return str(Decimal(amount).scaleb(-exponent(currency)))
