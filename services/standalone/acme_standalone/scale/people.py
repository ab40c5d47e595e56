"""Operators with what they own, and guests with what is known of them."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from acme_auth.passwords import UNUSABLE
from acme_standalone.scale.rows import NULL, Rows, line, stamp
from acme_standalone.scale.shape import PACKAGES, PHOTOGRAPHERS_EACH, SPAN, UNTIL, Shape, uid

FOUNDED = UNTIL - SPAN - timedelta(days=30)
ZONES = ("Europe/Vienna", "Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Sydney")
CONSENT = ("biometric_processing", "2026-01", "0" * 64)
VECTORS = 200
"""Templates are drawn from so many: nobody is compared at this size."""


def people(shape: Shape) -> list[Rows]:
    return [
        Rows(
            "operators", "id name email password_hash currency locale timezone created_at", _operators(shape)
        ),
        Rows("photographers", "id operator_id name email password_hash created_at", _photographers(shape)),
        Rows("packages", "id operator_id name price photo_count created_at updated_at", _packages(shape)),
        Rows("users", "id name email password_hash created_at email_verified_at", _users(shape)),
        Rows(
            "user_consents",
            "id user_id consent_type consent_version given_at document_sha256 revoked_at",
            _consents(shape),
        ),
        Rows(
            "selfies",
            "id user_id storage_key embedding quality_score status created_at content_type size_bytes "
            "upload_state upload_expires_at engine processed_at",
            _selfies(shape),
        ),
        Rows("auth_sessions", "id audience role account_id created_at last_used_at", _sessions(shape)),
        Rows("refresh_tokens", "token_hash session_id created_at expires_at", _refresh_tokens(shape)),
    ]


def _operators(shape: Shape) -> Iterator[str]:
    for n in range(shape.operators):
        zone = ZONES[n % len(ZONES)]
        email = f"operator{n}@scale.example.com"
        yield line(
            uid("operator", n),
            f"Operator {n}",
            email,
            UNUSABLE,
            "EUR",
            "en",
            zone,
            stamp(FOUNDED + n * _HOUR),
        )


def _photographers(shape: Shape) -> Iterator[str]:
    for n in range(shape.operators * PHOTOGRAPHERS_EACH):
        owner = uid("operator", n // PHOTOGRAPHERS_EACH)
        email = f"photographer{n}@scale.example.com"
        at = stamp(FOUNDED + n * _HOUR)
        yield line(uid("photographer", n), owner, f"Photographer {n}", email, UNUSABLE, at)


def _packages(shape: Shape) -> Iterator[str]:
    for n in range(shape.operators):
        for place, (name, price, count) in enumerate(PACKAGES):
            at = stamp(FOUNDED + place * _HOUR)
            number = n * len(PACKAGES) + place
            yield line(uid("package", number), uid("operator", n), name, price, count, at, at)


def joined_first(n: int, shape: Shape) -> float:
    """When a guest came, in seconds before the end: before the events that they join."""
    return SPAN.total_seconds() + 86_400 * (1 + n / shape.users)


def _users(shape: Shape) -> Iterator[str]:
    for n in range(shape.users):
        at = stamp(UNTIL - timedelta(seconds=joined_first(n, shape)))
        yield line(uid("user", n), f"Guest {n}", f"guest{n}@scale.example.com", UNUSABLE, at, at)


def _consents(shape: Shape) -> Iterator[str]:
    for n in range(shape.users):
        if n % 10 < 7:  # noqa: PLR2004 - seven of ten
            given = UNTIL - timedelta(seconds=joined_first(n, shape))
            revoked = stamp(given + timedelta(days=90)) if n % 50 == 0 else NULL
            kind, version, digest = CONSENT
            yield line(uid("consent", n), uid("user", n), kind, version, stamp(given), digest, revoked)


def _selfies(shape: Shape) -> Iterator[str]:
    dice = Random("vectors")  # noqa: S311 - the same numbers each time are the point
    vectors = [f"[{','.join(f'{dice.gauss(0, 0.09):.4f}' for _ in range(128))}]" for _ in range(VECTORS)]
    for n in range(shape.users):
        if n % 10 < 6:  # noqa: PLR2004 - six of ten
            at = stamp(UNTIL - timedelta(seconds=joined_first(n, shape) - 60))
            status = "rejected" if n % 20 == 3 else "approved"  # noqa: PLR2004 - one of twelve
            user, key = uid("user", n), f"selfies/{n}.jpg"
            vector = vectors[n % VECTORS] if status == "approved" else NULL
            fixed = ("image/jpeg", 200_000, "verified", at, "local", at)
            yield line(uid("selfie", n), user, key, vector, 0.9, status, at, *fixed)


def _sessions(shape: Shape) -> Iterator[str]:
    for n in range(shape.users // 100):
        at = stamp(UNTIL - n * timedelta(minutes=1))
        yield line(uid("session", n), "main", "user", uid("user", n), at, at)


def _refresh_tokens(shape: Shape) -> Iterator[str]:
    for n in range(shape.users // 100):
        at = UNTIL - n * timedelta(minutes=1)
        token = uid("token", n) * 2
        yield line(token, uid("session", n), stamp(at), stamp(at + timedelta(days=3650)))


_HOUR = timedelta(hours=1)
