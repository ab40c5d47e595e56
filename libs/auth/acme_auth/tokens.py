import hashlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import jwt

from acme_auth.principals import Audience, Principal, Role, Scope
from acme_config.settings import TokenSettings
from acme_core.errors import Unauthorized

ALGORITHM = "HS256"
LEEWAY_S = 5
KEPT_TOKENS = 5_000
"""Some 6 MB."""
CLAIMS = ["iss", "sub", "aud", "role", "iat", "nbf", "exp", "jti"]


class MissingToken(Unauthorized):
    code = "missing_token"
    title = "This needs an access token"


class InvalidToken(Unauthorized):
    code = "invalid_token"
    title = "The access token is not valid"


class TokenExpired(Unauthorized):
    code = "token_expired"
    title = "The access token has expired"


class WrongAudience(Unauthorized):
    code = "wrong_audience"
    title = "The access token is for another service"


@dataclass(frozen=True)
class IssuedToken:
    value: str
    expires_in: int
    """Seconds."""


class TokenService:
    """Signs with the newest key and verifies with all of them, told apart by `kid`."""

    def __init__(self, settings: TokenSettings) -> None:
        secrets = [settings.secret, *settings.previous_secrets]
        self._keys = {_key_id(value): value for value in (secret.get_secret_value() for secret in secrets)}
        self._signing_kid = _key_id(settings.secret.get_secret_value())
        self._settings = settings
        self._verified: dict[str, Principal] = {}

    def issue_access(self, audience: Audience, role: Role, account_id: UUID, session_id: UUID) -> IssuedToken:
        return self._issue(audience, role, account_id, self._settings.access_ttl_s, {"sid": str(session_id)})

    def issue_media(self, caller: Principal, scopes: frozenset[Scope]) -> IssuedToken:
        """Ends with the session of who asked for it."""
        extra = {"scope": " ".join(sorted(scopes)), "sid": str(caller.session_id)}
        return self._issue(Audience.MEDIA, caller.role, caller.account_id, self._settings.media_ttl_s, extra)

    def verify(self, value: str, audiences: frozenset[Audience]) -> Principal:
        """Raises `WrongAudience`, `TokenExpired` or `InvalidToken`.

        A page asks many times with one token: what was found good is kept until it expires, which takes 1 us
        for 60. Whether its session is still open is not for the token to say, and is looked up all the same.
        """
        known = self._verified.get(value)
        if known is not None and known.audience in audiences and time.time() < known.expires_at.timestamp():
            return known
        principal = self._verify(value, audiences)
        if len(self._verified) >= KEPT_TOKENS:
            self._verified.clear()
        self._verified[value] = principal
        return principal

    def _verify(self, value: str, audiences: frozenset[Audience]) -> Principal:
        claims = self._decode(value, audiences)
        try:
            return Principal(
                account_id=UUID(claims["sub"]),
                role=Role(claims["role"]),
                audience=Audience(claims["aud"]),
                token_id=str(claims["jti"]),
                expires_at=datetime.fromtimestamp(claims["exp"], UTC),
                session_id=UUID(claims["sid"]) if "sid" in claims else None,
                scopes=frozenset(str(claims.get("scope", "")).split()),
            )
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            raise InvalidToken from error

    def _decode(self, value: str, audiences: frozenset[Audience]) -> dict[str, Any]:
        try:
            key = self._keys[str(jwt.get_unverified_header(value).get("kid"))]
            return jwt.decode(
                value,
                key,
                algorithms=[ALGORITHM],
                audience=sorted(audiences),
                issuer=self._settings.issuer,
                leeway=LEEWAY_S,
                options={"require": CLAIMS, "strict_aud": False},
            )
        except jwt.ExpiredSignatureError as error:
            raise TokenExpired from error
        except jwt.InvalidAudienceError as error:
            raise WrongAudience from error
        except (jwt.InvalidTokenError, KeyError, ValueError, TypeError) as error:
            raise InvalidToken from error

    def _issue(
        self, audience: Audience, role: Role, account_id: UUID, ttl_s: int, extra: dict[str, str]
    ) -> IssuedToken:
        now = int(time.time())
        claims = {
            "iss": self._settings.issuer,
            "sub": str(account_id),
            "aud": str(audience),
            "role": str(role),
            "iat": now,
            "nbf": now,
            "exp": now + ttl_s,
            "jti": uuid4().hex,
            **extra,
        }
        key = self._keys[self._signing_kid]
        return IssuedToken(jwt.encode(claims, key, ALGORITHM, headers={"kid": self._signing_kid}), ttl_s)


def _key_id(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()[:12]
