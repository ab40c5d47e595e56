"""A call of every route that goes as far as it can: who makes it, with what, and what is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.services.harness import PASSWORD

OPERATOR, PHOTOGRAPHER, SUPERADMIN, GUEST, NOBODY = (
    "operator",
    "photographer",
    "superadmin",
    "guest",
    "nobody",
)
JPEG = {"content_type": "image/jpeg", "size_bytes": 1000}
FILE = {"filename": "a.jpg", **JPEG, "sha256": "ab" * 32}
NEVER = "never-issued-by-anybody"


@dataclass(frozen=True)
class Call:
    who: str
    status: int
    body: Any = None
    """Text in braces stands for something of the world, in the query too."""
    query: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    """Names in the path that mean another thing of the world than usual."""


def _list(who: str, *queries: str) -> list[Call]:
    """The first page, one that follows, and those that are narrowed."""
    return [
        Call(who, 200),
        Call(who, 200, query="?limit=20&cursor={cursor}"),
        *(Call(who, 200, query=q) for q in queries),
    ]


def _same(service_role: str) -> dict[str, list[Call]]:
    """What the accounts of both apps can do."""
    login = {"email": f"{{{service_role}_email}}", "password": PASSWORD}
    return {
        "POST /auth/register": [
            Call(NOBODY, 201, {"name": "N", "email": "{new_email}", "password": PASSWORD})
        ],
        "POST /auth/login": [Call(NOBODY, 200, login)],
        "POST /auth/refresh": [Call(NOBODY, 200, {"refresh_token": f"{{{service_role}_refresh}}"})],
        "POST /auth/logout": [Call(NOBODY, 204, {"refresh_token": f"{{{service_role}_refresh}}"})],
        "POST /auth/password/forgot": [Call(NOBODY, 202, {"email": f"{{{service_role}_email}}"})],
        "POST /auth/password/reset": [Call(NOBODY, 422, {"token": NEVER, "password": PASSWORD})],
        "GET /me": [Call(service_role, 200)],
        "PATCH /me": [Call(service_role, 200, {"name": "Other"})],
        "GET /me/sessions": [Call(service_role, 200)],
        "DELETE /me/sessions/{session_id}": [Call(service_role, 404)],
    }


BACKOFFICE: dict[str, list[Call]] = {
    **_same(OPERATOR),
    "POST /auth/accept-invite": [Call(NOBODY, 422, {"token": NEVER, "password": PASSWORD})],
    "POST /me/totp": [Call(OPERATOR, 201)],
    "POST /me/totp/confirm": [Call(OPERATOR, 422, {"code": "000000"})],
    "DELETE /me/totp": [Call(OPERATOR, 204)],
    "POST /me/totp/recovery-codes": [Call(SUPERADMIN, 200)],
    "POST /me/profile-picture/upload-url": [
        Call(OPERATOR, 201, {"content_type": "image/png", "size_bytes": 9})
    ],
    "POST /me/profile-picture/complete": [Call(OPERATOR, 409, {"upload_id": "{nothing}"})],
    "DELETE /me/profile-picture": [Call(OPERATOR, 200)],
    "GET /projects": _list(OPERATOR, "?q=event", "?deleted=true"),
    "POST /projects": [Call(OPERATOR, 201, {"name": "New"})],
    "GET /projects/{project_id}": [Call(OPERATOR, 200)],
    "PATCH /projects/{project_id}": [Call(OPERATOR, 200, {"name": "Renamed", "confirm_confidence": 90.0})],
    "DELETE /projects/{project_id}": [Call(OPERATOR, 204, ids={"project_id": "other_project"})],
    "POST /projects/{project_id}/restore": [Call(OPERATOR, 200)],
    "GET /projects/{project_id}/members": _list(OPERATOR),
    "GET /photographers": _list(OPERATOR),
    "POST /photographers": [Call(OPERATOR, 201, {"name": "P", "email": "{photo_email}"})],
    "GET /photographers/me/projects": _list(PHOTOGRAPHER),
    "GET /photographers/{photographer_id}": [Call(OPERATOR, 200)],
    "PATCH /photographers/{photographer_id}": [Call(OPERATOR, 200, {"name": "Q"})],
    "DELETE /photographers/{photographer_id}": [
        Call(OPERATOR, 204, ids={"photographer_id": "other_photographer"})
    ],
    "GET /projects/{project_id}/photographers": _list(OPERATOR),
    "PUT /projects/{project_id}/photographers/{photographer_id}": [Call(OPERATOR, 204)],
    "DELETE /projects/{project_id}/photographers/{photographer_id}": [
        Call(OPERATOR, 204, ids={"photographer_id": "other_photographer"})
    ],
    "GET /packages": _list(OPERATOR),
    "POST /packages": [Call(OPERATOR, 201, {"name": "P", "price": 100, "photo_count": 1})],
    "GET /packages/{package_id}": [Call(OPERATOR, 200)],
    "PATCH /packages/{package_id}": [Call(OPERATOR, 200, {"name": "Q"})],
    "DELETE /packages/{package_id}": [Call(OPERATOR, 204, ids={"package_id": "other_package"})],
    "GET /projects/{project_id}/packages": _list(OPERATOR),
    "PUT /projects/{project_id}/packages/{package_id}": [Call(OPERATOR, 204)],
    "DELETE /projects/{project_id}/packages/{package_id}": [
        Call(OPERATOR, 204, ids={"package_id": "other_package"})
    ],
    "GET /projects/{project_id}/coaches": _list(OPERATOR),
    "POST /projects/{project_id}/coaches": [Call(OPERATOR, 201, {"name": "C"})],
    "PATCH /projects/{project_id}/coaches/{coach_id}": [Call(OPERATOR, 200, {"name": "D"})],
    "DELETE /projects/{project_id}/coaches/{coach_id}": [Call(OPERATOR, 204)],
    "GET /projects/{project_id}/qr-tokens": _list(OPERATOR),
    "POST /projects/{project_id}/qr-tokens": [Call(OPERATOR, 201, {"kind": "poster", "expires_in_s": 3600})],
    "DELETE /projects/{project_id}/qr-tokens/{qr_token_id}": [Call(OPERATOR, 204)],
    "GET /projects/{project_id}/qr-tokens/{qr_token_id}/qr.png": [Call(OPERATOR, 200)],
    "GET /projects/{project_id}/qr-tokens/{qr_token_id}/qr.svg": [Call(OPERATOR, 200)],
    "GET /projects/{project_id}/qr-tokens/{qr_token_id}/poster.pdf": [Call(OPERATOR, 200)],
    "GET /projects/{project_id}/photos": [*_list(OPERATOR, "?status=failed"), Call(PHOTOGRAPHER, 200)],
    "GET /projects/{project_id}/photos/near-duplicates": [Call(OPERATOR, 200)],
    "DELETE /photos/{photo_id}": [
        Call(OPERATOR, 204, ids={"photo_id": "other_photo"}),
        Call(PHOTOGRAPHER, 204, ids={"photo_id": "own_photo"}),
    ],
    "GET /projects/{project_id}/photo-tags": _list(
        OPERATOR, "?review_status=pending", "?min_confidence=90&max_confidence=91", "?photo_id={photo_id}"
    ),
    "GET /projects/{project_id}/hide-requests": _list(OPERATOR, "?state=pending"),
    "PATCH /hide-requests/{hide_request_id}": [Call(OPERATOR, 404, {"state": "declined"})],
    "GET /projects/{project_id}/selfie-conflicts": _list(OPERATOR, "?resolved=true", "?resolved=false"),
    "POST /selfie-conflicts/{conflict_id}/resolve": [Call(OPERATOR, 404)],
    "PATCH /photo-tags/{tag_id}": [Call(OPERATOR, 200, {"review_status": "confirmed"})],
    "POST /photo-tags/bulk-review": [
        Call(OPERATOR, 200, {"tag_ids": ["{tag_id}"], "review_status": "rejected"})
    ],
    "POST /photos/{photo_id}/tags": [Call(OPERATOR, 201, {"user_id": "{user_id}"})],
    "GET /photos/{photo_id}/faces": [Call(OPERATOR, 200)],
    "GET /projects/{project_id}/face-index": [Call(OPERATOR, 200)],
    "PUT /projects/{project_id}/face-index": [Call(OPERATOR, 200, {"enabled": False})],
    "GET /projects/{project_id}/matching/simulate": [Call(OPERATOR, 200, query="?confirm=90&review=80")],
    "GET /projects/{project_id}/matching/shadow": _list(OPERATOR, "?verdict=agreed"),
    "GET /watermark": [Call(OPERATOR, 200)],
    "PUT /watermark": [Call(OPERATOR, 200, {"kind": "text"})],
    "GET /projects/{project_id}/watermark": [Call(OPERATOR, 200)],
    "PUT /projects/{project_id}/watermark": [Call(OPERATOR, 200, {"kind": "text"})],
    "DELETE /projects/{project_id}/watermark": [Call(OPERATOR, 204)],
    "GET /projects/{project_id}/purchases": _list(OPERATOR, "?status=paid"),
    "GET /purchases/{purchase_id}": [
        Call(OPERATOR, 200),
        Call(OPERATOR, 200, ids={"purchase_id": "all_bought"}),
    ],
    "POST /purchases/{purchase_id}/refunds": [Call(OPERATOR, 409, {})],
    "GET /analytics/summary": [
        Call(OPERATOR, 200),
        Call(
            OPERATOR, 200, query="?project_id={project_id}&from=2026-01-01T10:07:00Z&to=2026-03-01T10:07:00Z"
        ),
    ],
    "GET /analytics/timeseries": [
        Call(OPERATOR, 200, query=f"?metric={metric}&interval=month")
        for metric in ("revenue", "purchases", "members", "selfies", "photos", "matches")
    ],
    "GET /retention/simulation": [Call(OPERATOR, 200, query="?on=2027-03-01")],
    "GET /analytics/export.csv": [Call(OPERATOR, 200, query="?from=2026-01-01&to=2026-03-01")],
    "GET /webhook-endpoints": _list(OPERATOR),
    "POST /webhook-endpoints": [
        Call(OPERATOR, 201, {"url": "http://127.0.0.1:9/hook", "events": ["photo.ready"]})
    ],
    "GET /webhook-endpoints/{endpoint_id}": [Call(OPERATOR, 200)],
    "PATCH /webhook-endpoints/{endpoint_id}": [Call(OPERATOR, 200, {"events": ["purchase.paid"]})],
    "DELETE /webhook-endpoints/{endpoint_id}": [Call(OPERATOR, 204)],
    "POST /webhook-endpoints/{endpoint_id}/secret": [Call(OPERATOR, 200)],
    "POST /webhook-endpoints/{endpoint_id}/test": [Call(OPERATOR, 202)],
    "POST /webhook-endpoints/{endpoint_id}/replay": [Call(OPERATOR, 202, {"since": "2026-01-01T00:00:00Z"})],
    "GET /webhook-endpoints/{endpoint_id}/deliveries": _list(OPERATOR, "?state=failed", "?event=photo.ready"),
    "GET /webhook-endpoints/{endpoint_id}/deliveries/{delivery_id}": [Call(OPERATOR, 200)],
    "POST /webhook-endpoints/{endpoint_id}/deliveries/{delivery_id}/replay": [Call(OPERATOR, 202)],
    "GET /admin/operators": _list(SUPERADMIN, "?q=operator", "?status=suspended"),
    "PATCH /admin/operators/{operator_id}": [Call(SUPERADMIN, 200, {"status": "suspended"})],
    "GET /admin/audit-events": _list(
        SUPERADMIN,
        "?category=money",
        "?action=consent.given",
        "?actor_id={user_id}",
        "?subject_id={purchase_id}",
        "?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z",
    ),
    "GET /admin/system": [Call(SUPERADMIN, 200)],
}
MAIN: dict[str, list[Call]] = {
    **_same(GUEST),
    "POST /auth/email/verify": [Call(NOBODY, 422, {"token": NEVER})],
    "POST /auth/media-token": [Call(GUEST, 200, {"scope": "selfie"})],
    "DELETE /me": [Call(GUEST, 202)],
    "POST /me/email/verification": [Call(GUEST, 202)],
    "GET /me/export": [Call(GUEST, 200)],
    "GET /consents/documents/{consent_type}": [Call(NOBODY, 200)],
    "GET /consents": [Call(GUEST, 200)],
    "POST /consents": [
        Call(GUEST, 201, {"consent_type": "biometric_processing", "consent_version": "{consent_version}"})
    ],
    "GET /consents/receipts": [Call(GUEST, 200)],
    "GET /consents/receipts/{receipt_id}": [Call(GUEST, 404)],
    "GET /consents/receipts/{receipt_id}/document": [Call(NOBODY, 404)],
    "POST /consents/receipts/verify": [Call(NOBODY, 422, {})],
    "GET /consents/{consent_id}/document": [Call(GUEST, 404)],
    "DELETE /consents/{consent_type}": [Call(GUEST, 202)],
    "GET /qr/{token}": [Call(NOBODY, 200)],
    "POST /projects/join": [Call(GUEST, 200, {"token": "{token}", "accept_terms": True})],
    "GET /projects": _list(GUEST),
    "GET /projects/{project_id}": [Call(GUEST, 200)],
    "GET /projects/{project_id}/photos": _list(GUEST, "?favourite=true", "?unlocked=true", "?unlocked=false"),
    "GET /photos/{photo_id}": [Call(GUEST, 200)],
    "POST /photos/{photo_id}/hide-requests": [Call(GUEST, 201, {"kind": "withhold"})],
    "GET /hide-requests": _list(GUEST),
    "DELETE /photos/{photo_id}/tags/me": [Call(GUEST, 204)],
    "PUT /photos/{photo_id}/favourite": [Call(GUEST, 204)],
    "DELETE /photos/{photo_id}/favourite": [Call(GUEST, 204)],
    "GET /photos/{photo_id}/download": [Call(GUEST, 200)],
    "GET /projects/{project_id}/packages": [Call(GUEST, 200)],
    "POST /purchases": [Call(GUEST, 201, {"project_id": "{project_id}", "package_id": "{package_id}"})],
    "GET /purchases": _list(GUEST),
    "GET /purchases/{purchase_id}": [Call(GUEST, 200)],
    "POST /purchases/{purchase_id}/photos": [Call(GUEST, 200, {"photo_ids": ["{photo_id}"]})],
    "POST /purchases/{purchase_id}/archive": [Call(GUEST, 202)],
    "GET /purchases/{purchase_id}/archive": [Call(GUEST, 404)],
    "GET /privacy/retention-policy": [Call(NOBODY, 200)],
    "POST /webhooks/stripe": [Call(NOBODY, 200)],
}
MEDIA: dict[str, list[Call]] = {
    "POST /photographers/me/photos/upload-url": [
        Call(PHOTOGRAPHER, 201, {"project_id": "{project_id}", **FILE}),
        Call(PHOTOGRAPHER, 201, {"project_id": "{project_id}", **FILE}),
        Call(
            OPERATOR,
            201,
            {
                "project_id": "{project_id}",
                "photographer_id": "{photographer_id}",
                **FILE,
                "sha256": "cd" * 32,
            },
        ),
    ],
    "POST /photographers/me/photos/upload-urls": [
        Call(PHOTOGRAPHER, 200, {"project_id": "{project_id}", "files": [FILE]})
    ],
    "POST /photographers/me/photos/{photo_id}/complete": [Call(PHOTOGRAPHER, 202)],
    "GET /photographers/me/photos": [
        *_list(OPERATOR, "?status=failed", "?project_id={project_id}"),
        *_list(PHOTOGRAPHER, "?status=failed", "?project_id={project_id}"),
    ],
    "GET /photographers/me/photos/{photo_id}": [Call(OPERATOR, 200), Call(PHOTOGRAPHER, 200)],
    "POST /photographers/me/photos/{photo_id}/retry": [Call(PHOTOGRAPHER, 409)],
    "POST /watermarks/logos/upload-url": [
        Call(OPERATOR, 201, {"content_type": "image/png", "size_bytes": 1000})
    ],
    "POST /watermarks/logos/{logo_id}/complete": [Call(OPERATOR, 409, ids={"logo_id": "nothing"})],
    "POST /watermarks/preview": [Call(OPERATOR, 200, {})],
    "POST /selfie/upload-url": [Call(GUEST, 201, JPEG)],
    "POST /selfie/{selfie_id}/complete": [Call(GUEST, 202)],
    "GET /selfie": [Call(GUEST, 200)],
    "DELETE /selfie/{selfie_id}": [Call(GUEST, 204)],
    "GET /events": [Call(OPERATOR, 200), Call(GUEST, 200)],
}
CALLS = {"backoffice": BACKOFFICE, "main": MAIN, "media": MEDIA}
"""By service and route."""
