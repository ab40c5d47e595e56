"""Promises about the rows. Each statement selects what breaks its promise: nothing, when all is well.

They hold at every instant, in the middle of work too, because cause and job are written together: a check
needs no pause of the platform.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    name: str
    promise: str
    broken_by: str
    """SQL; its first column, as text, names a row that breaks the promise."""


VIEWS = """
    WITH waiting AS (
        SELECT name || ':' || value FROM outbox_jobs, jsonb_each_text(payload)
        WHERE state IN ('queued', 'running') AND value IS NOT NULL
    ),
    consenting AS (
        SELECT user_id FROM user_consents WHERE consent_type = 'biometric_processing' AND revoked_at IS NULL
    ),
    paused AS (SELECT user_id FROM user_consents WHERE revoked_at IS NULL AND superseded_at IS NOT NULL),
    erasing AS (SELECT user_id FROM erasure_receipts WHERE state = 'pending'),
    hidden AS (SELECT photo_id, kind FROM hide_requests WHERE state = 'accepted')
"""
"""`waiting`: unfinished jobs and what each is about. `paused`: who has not answered a new consent text."""

PHOTOS = (
    Rule(
        "uploads_end",
        "Every acknowledged upload is ready, failed with a reason, or being worked on",
        """
        SELECT p.id FROM photos p
        WHERE p.upload_state = 'verified' AND p.status = 'processing' AND p.deleted_at IS NULL
          AND 'generate_thumbnail:' || p.id NOT IN (TABLE waiting)
          AND 'generate_watermark:' || p.id NOT IN (TABLE waiting)
        """,
    ),
    Rule(
        "failures_have_reasons",
        "Every failed photo says why",
        "SELECT id FROM photos WHERE status = 'failed' AND failure_code IS NULL",
    ),
    Rule(
        "ready_is_complete",
        "Every ready photo has its thumbnail, its preview and its deliverable",
        """
        SELECT id FROM photos
        WHERE status = 'ready' AND (thumbnail_key IS NULL OR preview_key IS NULL OR watermarked_key IS NULL)
        """,
    ),
    Rule(
        "recognition_ends",
        "The faces of every acknowledged upload were looked for, or are going to be",
        """
        SELECT p.id FROM photos p
        WHERE p.upload_state = 'verified' AND p.recognition_state = 'pending' AND p.deleted_at IS NULL
          AND 'recognize_faces:' || p.id NOT IN (TABLE waiting)
        """,
    ),
    Rule(
        "uploads_are_swept",
        "No announced upload waits for its file for long after its address has run out",
        """
        SELECT id FROM photos
        WHERE upload_state = 'issued' AND upload_expires_at < now() - interval '10 minutes'
          AND deleted_at IS NULL
        """,
    ),
    Rule(
        "uploads_are_of_the_house",
        "Every photo was taken by a photographer of its project's operator",
        """
        SELECT p.id FROM photos p JOIN projects e ON e.id = p.project_id
        JOIN photographers g ON g.id = p.photographer_id
        WHERE g.operator_id <> e.operator_id
        """,
    ),
)

MATCHES = (
    Rule(
        "tags_need_consent",
        "Nobody is tagged by recognition without a consent, unless it is being erased",
        """
        SELECT t.id FROM photo_tags t
        WHERE t.source = 'auto' AND t.user_id NOT IN (TABLE consenting UNION TABLE erasing)
        """,
    ),
    Rule(
        "scores_need_consent",
        "No score of a guest is kept without a consent, unless it is being erased",
        """
        SELECT s.photo_id FROM match_scores s
        WHERE s.user_id NOT IN (TABLE consenting UNION TABLE erasing)
        """,
    ),
    Rule(
        "templates_need_consent",
        "No template is kept without a consent, unless it is being erased",
        """
        SELECT s.id FROM selfies s
        WHERE (s.embedding IS NOT NULL OR s.crop_key IS NOT NULL)
          AND s.user_id NOT IN (TABLE consenting UNION TABLE erasing)
        """,
    ),
    Rule(
        "tags_need_members",
        "Everybody who is tagged in a photo has joined its project",
        """
        SELECT t.id FROM photo_tags t JOIN photos p ON p.id = t.photo_id
        WHERE NOT EXISTS (
            SELECT FROM project_members m WHERE m.project_id = p.project_id AND m.user_id = t.user_id
        )
        """,
    ),
    Rule(
        "confirmed_since",
        "A tag has a time of confirmation exactly when it is confirmed",
        "SELECT id FROM photo_tags WHERE (review_status = 'confirmed') <> (confirmed_at IS NOT NULL)",
    ),
    Rule(
        "selfies_end",
        "Every selfie that has arrived is judged, or going to be",
        """
        SELECT s.id FROM selfies s
        WHERE s.upload_state = 'verified' AND s.status = 'pending' AND s.deleted_at IS NULL
          AND 'process_selfie:' || s.id NOT IN (TABLE waiting) AND s.user_id NOT IN (TABLE paused)
        """,
    ),
    Rule(
        "late_guests_are_matched",
        "A guest who is being compared with earlier photos has a job that does it",
        """
        SELECT m.id FROM project_members m
        WHERE m.backfill_state = 'running' AND NOT EXISTS (
            SELECT FROM outbox_jobs j
            WHERE j.name = 'backfill_matches' AND j.state IN ('queued', 'running')
              AND j.payload ->> 'user_id' = m.user_id::text
              AND j.payload ->> 'project_id' = m.project_id::text
        )
        """,
    ),
)

HIDING = (
    Rule(
        "withheld_as_decided",
        "A photo is withheld exactly when a request for it was accepted",
        """
        SELECT p.id FROM photos p
        WHERE p.deleted_at IS NULL
          AND (p.withheld_at IS NOT NULL) <> (p.id IN (SELECT photo_id FROM hidden WHERE kind = 'withhold'))
        """,
    ),
    Rule(
        "blurred_as_decided",
        "A photo has blurred faces, and no original to be had, exactly when a request was accepted",
        """
        SELECT p.id FROM photos p
        WHERE p.deleted_at IS NULL AND p.status = 'ready' AND (
            (p.blur_version IS NOT NULL) <> (p.cleared_key IS NOT NULL)
            OR (p.blur_version IS NOT NULL) <> (p.id IN (SELECT photo_id FROM hidden WHERE kind = 'blur'))
              AND 'blur_photo:' || p.id NOT IN (TABLE waiting)
        )
        """,
    ),
)

ERASURE = (
    Rule(
        "erasures_go_on",
        "Every erasure that is not complete has a job that goes on with it",
        """
        SELECT e.id FROM erasure_receipts e
        WHERE e.state = 'pending' AND 'purge_biometrics:' || e.id NOT IN (TABLE waiting)
        """,
    ),
    Rule(
        "erasures_are_complete",
        "After a completed erasure of everything, nothing older of the guest's is left",
        """
        SELECT e.id FROM erasure_receipts e
        WHERE e.state = 'completed' AND e.selfie_id IS NULL AND (
            EXISTS (SELECT FROM selfies s WHERE s.user_id = e.user_id AND s.created_at < e.requested_at)
            OR EXISTS (
                SELECT FROM photo_tags t
                WHERE t.user_id = e.user_id AND t.created_at < e.requested_at
                  AND (t.source = 'auto' OR e.is_account)
            )
        )
        """,
    ),
    Rule(
        "deleted_photos_are_purged",
        "Every deleted photo has lost its files, or has a job that takes them away",
        """
        SELECT p.id FROM photos p
        WHERE p.deleted_at IS NOT NULL AND p.thumbnail_key IS NOT NULL
          AND 'purge_photo:' || p.id NOT IN (TABLE waiting)
          AND NOT EXISTS (
              SELECT FROM outbox_jobs j WHERE j.name = 'purge_photo' AND j.state = 'done'
                AND j.payload ->> 'photo_id' = p.id::text
          )
          AND p.deleted_at > now() - interval '14 days'
        """,
    ),
)

MONEY = (
    Rule(
        "paid_since",
        "A purchase has a time of payment exactly when it is paid",
        "SELECT id FROM purchases WHERE (status = 'paid') <> (paid_at IS NOT NULL)",
    ),
    Rule(
        "refunds_fit",
        "Nothing is refunded beyond what was paid, and a full refund is marked as one",
        """
        SELECT id FROM purchases
        WHERE refunded_amount > amount
           OR (refunded_at IS NOT NULL) <> (amount > 0 AND refunded_amount = amount)
        """,
    ),
    Rule(
        "unlocks_fit",
        "No purchase unlocks more photos than were bought",
        """
        SELECT u.purchase_id FROM purchase_photos u JOIN purchases p ON p.id = u.purchase_id
        WHERE p.photo_count > 0 GROUP BY u.purchase_id, p.photo_count HAVING count(*) > p.photo_count
        """,
    ),
    Rule(
        "unlocks_stay_in_the_project",
        "A purchase unlocks photos of its own project only",
        """
        SELECT u.purchase_id FROM purchase_photos u
        JOIN purchases p ON p.id = u.purchase_id JOIN photos f ON f.id = u.photo_id
        WHERE f.project_id <> p.project_id
        """,
    ),
    Rule(
        "webhooks_are_processed",
        "Every recorded webhook has had its effect, or is going to",
        """
        SELECT e.id FROM stripe_events e
        WHERE e.processed_at IS NULL AND e.intent_id IS NOT NULL
          AND 'process_stripe_event:' || e.id NOT IN (TABLE waiting)
        """,
    ),
    Rule(
        "receipts_are_mailed",
        "Every payment has one mail that confirms it",
        """
        SELECT p.id FROM purchases p
        WHERE p.status = 'paid' AND p.amount > 0 AND p.paid_at > now() - interval '13 days' AND 1 <> (
            SELECT count(*) FROM outbox_jobs j
            WHERE j.name = 'send_email' AND j.payload ->> 'template' = 'receipt'
              AND j.payload ->> 'subject_id' = p.id::text
        )
        """,
    ),
    Rule(
        "archives_end",
        "Every archive that is being built has a job that builds it",
        """
        SELECT a.purchase_id FROM purchase_archives a
        WHERE a.state = 'building' AND 'build_archive:' || a.purchase_id NOT IN (TABLE waiting)
        """,
    ),
)

ACCESS = (
    Rule(
        "cards_are_used_once",
        "No card was used twice",
        "SELECT id FROM qr_tokens WHERE kind = 'card' AND use_count > 1",
    ),
    Rule(
        "suspended_means_out",
        "Who is suspended has no session, nor have their photographers",
        """
        SELECT s.id FROM auth_sessions s JOIN operators o ON o.suspended_at IS NOT NULL
        LEFT JOIN photographers p ON p.id = s.account_id
        WHERE s.revoked_at IS NULL AND s.audience = 'backoffice' AND o.id IN (s.account_id, p.operator_id)
        """,
    ),
)

FIGURES = (
    Rule(
        "totals_add_up",
        "What is kept of all times is the sum of what is kept of each quarter of an hour",
        """
        SELECT project_id FROM (
            SELECT project_id, kind, subject_id, label, sum(value) AS value FROM figures GROUP BY 1, 2, 3, 4
        ) f FULL JOIN figure_totals t USING (project_id, kind, subject_id, label)
        WHERE coalesce(f.value, 0) <> coalesce(t.value, 0)
        """,
    ),
)

JOBS = (
    Rule(
        "jobs_are_pushed",
        "No job waits for long without having been handed to its queue",
        """
        SELECT id FROM outbox_jobs
        WHERE state = 'queued' AND pushed_at IS NULL AND run_at < now() - interval '2 minutes'
        """,
    ),
    Rule(
        "no_dead_letters",
        "No job has been given up (see `acme jobs list`)",
        "SELECT id FROM outbox_jobs WHERE state = 'failed'",
    ),
)

WEBHOOKS = (
    Rule(
        "purchases_are_told",
        "Every paid purchase has a delivery for each endpoint that wanted to know",
        """
        SELECT p.id FROM purchases p
        JOIN projects r ON r.id = p.project_id
        JOIN webhook_endpoints e ON e.operator_id = r.operator_id
        JOIN webhook_subscriptions s ON s.endpoint_id = e.id AND s.event = 'purchase.paid'
        WHERE p.status = 'paid' AND p.paid_at > now() - interval '6 days'
          AND p.paid_at > s.created_at + interval '1 minute'
          AND NOT EXISTS (
              SELECT FROM webhook_deliveries d
              WHERE d.endpoint_id = e.id AND d.event_key = 'purchase.paid:' || p.id
          )
        """,
    ),
    Rule(
        "deliveries_go_on",
        "Every delivery that is pending has a job that tries it",
        """
        SELECT d.id FROM webhook_deliveries d
        WHERE d.state = 'pending' AND 'deliver_webhook:' || d.id NOT IN (TABLE waiting)
        """,
    ),
)

RULES = (*PHOTOS, *MATCHES, *HIDING, *ERASURE, *MONEY, *WEBHOOKS, *ACCESS, *FIGURES, *JOBS)
