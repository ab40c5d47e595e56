"""A body for each write, with every field that it has; `{name}` is the id of something that exists."""

from tests.services.harness import PASSWORD, Json

FILE = {"filename": "DSC_1.jpg", "content_type": "image/jpeg", "size_bytes": 1000, "sha256": "a" * 64}
LOGIN = {"email": "ann@example.com", "password": PASSWORD}
NEW_PASSWORD = {"token": "ott_1", "password": PASSWORD}
REFRESH = {"refresh_token": "rt_1"}
PROJECT = {
    "name": "Gala",
    "location_name": "Hall 1",
    "start_at": "2026-06-20T18:00:00Z",
    "end_at": "2026-06-20T23:00:00Z",
    "project_link": "https://example.com",
    "matches_need_verified_email": True,
    "terms_and_conditions": "Be kind.",
    "timezone": "Europe/Vienna",
}
BOUNDS = {"confirm_confidence": 75.0, "review_confidence": 55.0, "version": 1}
PACKAGE = {"name": "Ten", "price": 1500, "photo_count": 10, "deliverable": "watermarked"}
PHOTOGRAPHER = {"name": "Ann", "address": "Ring 1"}
OPERATOR = {"name": "Ann", "currency": "EUR", "locale": "en", "timezone": "UTC"}
PLACE = {"project_id": "{project_id}", "photographer_id": "{photographer_id}"}
LAYOUT = {"placement": "tile", "opacity": 0.4, "size": 0.1, "margin": 0.02, "angle": 30.0}
DESIGN = {"kind": "text", "text": "Gala", "logo_id": None, "preview": LAYOUT, "deliverable": LAYOUT}
ENDPOINT = {"url": "http://127.0.0.1:9/hook", "events": ["photo.ready"], "description": "Books"}
GOOD: dict[str, dict[str, Json]] = {
    "backoffice": {
        "POST /auth/register": {**OPERATOR, **LOGIN},
        "POST /auth/login": {**LOGIN, "role": "operator", "totp_code": "123456"},
        "POST /auth/refresh": REFRESH,
        "POST /auth/logout": REFRESH,
        "POST /auth/password/forgot": {"email": "ann@example.com"},
        "POST /auth/password/reset": NEW_PASSWORD,
        "POST /auth/accept-invite": NEW_PASSWORD,
        "PATCH /me": {**OPERATOR, "address": "Ring 1", "version": 1},
        "POST /me/totp/confirm": {"code": "123456"},
        "POST /me/profile-picture/upload-url": {"content_type": "image/png", "size_bytes": 1000},
        "POST /me/profile-picture/complete": {"upload_id": "{photo_id}"},
        "POST /projects": PROJECT,
        "PATCH /projects/{project_id}": {**PROJECT, **BOUNDS},
        "PUT /projects/{project_id}/face-index": {
            "enabled": True,
            "attestation": "Every guest has agreed to it in writing.",
        },
        "PUT /watermark": {**DESIGN, "version": 1},
        "PUT /projects/{project_id}/watermark": {**DESIGN, "version": 1},
        "POST /photographers": {**PHOTOGRAPHER, **LOGIN},
        "PATCH /photographers/{photographer_id}": {**PHOTOGRAPHER, "version": 1},
        "POST /packages": PACKAGE,
        "PATCH /packages/{package_id}": {**PACKAGE, "version": 1},
        "POST /projects/{project_id}/coaches": {"name": "Coach"},
        "PATCH /projects/{project_id}/coaches/{coach_id}": {"name": "Coach", "version": 1},
        "POST /projects/{project_id}/qr-tokens": {"kind": "card", "expires_in_s": 3600, "label": "Door"},
        "PATCH /photo-tags/{tag_id}": {"review_status": "confirmed"},
        "PATCH /hide-requests/{hide_request_id}": {"state": "declined"},
        "POST /photo-tags/bulk-review": {"tag_ids": ["{tag_id}"], "review_status": "confirmed"},
        "POST /photos/{photo_id}/tags": {"user_id": "{user_id}"},
        "POST /purchases/{purchase_id}/refunds": {"amount": 100},
        "POST /webhook-endpoints": ENDPOINT,
        "PATCH /webhook-endpoints/{endpoint_id}": {**ENDPOINT, "is_enabled": True, "version": 1},
        "POST /webhook-endpoints/{endpoint_id}/replay": {"since": "2026-01-01T00:00:00Z"},
        "PATCH /admin/operators/{operator_id}": {"status": "active", "reason": "Paid"},
    },
    "main": {
        "POST /auth/register": {"name": "Ann", "locale": "en", **LOGIN},
        "POST /auth/login": LOGIN,
        "POST /auth/refresh": REFRESH,
        "POST /auth/logout": REFRESH,
        "POST /auth/password/forgot": {"email": "ann@example.com"},
        "POST /auth/password/reset": NEW_PASSWORD,
        "POST /auth/email/verify": {"token": "ott_1"},
        "POST /auth/media-token": {"scope": "selfie"},
        "PATCH /me": {
            "name": "Ann",
            "address": "Ring 1",
            "billing_address": "Ring 1",
            "locale": "en",
            "wants_photo_mails": True,
            "version": 1,
        },
        "POST /consents": {
            "consent_type": "{consent_type}",
            "consent_version": "{consent_version}",
            "language": "en",
        },
        "POST /consents/receipts/verify": {
            "receipt": {
                "issuer": "acme",
                "receipt_id": "{receipt_id}",
                "scope": "account",
                "cause": "asked",
                "requested_at": "2026-11-01T00:00:00Z",
                "completed_at": "2026-11-01T00:00:00Z",
                "erased": [{"what": "selfies", "where": "database", "count": 1}],
                "kept": [{"what": "consents", "why": "proof", "count": 1}],
            },
            "signature": "a.b.c",
        },
        "POST /projects/join": {"token": "{token}", "accept_terms": True},
        "POST /photos/{photo_id}/hide-requests": {
            "kind": "blur",
            "box": {"left": 0.1, "top": 0.1, "width": 0.2, "height": 0.2},
            "reason": "I would rather not be seen",
        },
        "POST /purchases": {"project_id": "{project_id}", "package_id": "{package_id}"},
        "POST /purchases/{purchase_id}/photos": {"photo_ids": ["{photo_id}"]},
    },
    "media": {
        "POST /photographers/me/photos/upload-url": {**PLACE, **FILE},
        "POST /photographers/me/photos/upload-urls": {**PLACE, "files": [FILE]},
        "POST /watermarks/logos/upload-url": {"content_type": "image/png", "size_bytes": 1000},
        "POST /watermarks/preview": {"design": DESIGN, "product": "preview", "photo_id": "{photo_id}"},
        "POST /selfie/upload-url": {"content_type": "image/jpeg", "size_bytes": 1000},
    },
}
