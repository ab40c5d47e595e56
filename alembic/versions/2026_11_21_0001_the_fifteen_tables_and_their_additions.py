"""The fifteen tables and their additions

Revision: 0001
Follows:
"""

import sqlalchemy as sa
from pgvector.sqlalchemy import Vector
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS vector")
    op.create_table(
        "auth_sessions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("user_agent", sa.String(length=255), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "last_used_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auth_sessions")),
    )
    op.create_index(
        "ix_auth_sessions_account", "auth_sessions", ["audience", "role", "account_id"], unique=False
    )
    op.create_table(
        "one_time_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('verify_email', 'reset_password', 'accept_invite')",
            name=op.f("ck_one_time_tokens_purpose"),
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_one_time_tokens")),
    )
    op.create_index("ix_one_time_tokens_account", "one_time_tokens", ["role", "account_id"], unique=False)
    op.create_table(
        "operators",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("profile_picture_url", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operators")),
        sa.UniqueConstraint("email", name=op.f("uq_operators_email")),
    )
    op.create_table(
        "outbox_jobs",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("queue", sa.String(length=50), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("dedupe_key", sa.String(length=255), nullable=True),
        sa.Column("state", sa.String(length=20), server_default=sa.text("'queued'"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("pushed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.String(length=100), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed')", name=op.f("ck_outbox_jobs_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_jobs")),
    )
    op.create_index(
        "ix_outbox_jobs_unfinished",
        "outbox_jobs",
        ["run_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_index(
        "uq_outbox_jobs_dedupe_key",
        "outbox_jobs",
        ["dedupe_key"],
        unique=True,
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_table(
        "stripe_events",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("intent_id", sa.String(length=255), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("processed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stripe_events")),
    )
    op.create_index(op.f("ix_stripe_events_intent_id"), "stripe_events", ["intent_id"], unique=False)
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("billing_address", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "erasure_receipts",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("selfie_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=20), server_default=sa.text("'pending'"), nullable=False),
        sa.Column(
            "requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "erased", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.CheckConstraint("state IN ('pending', 'completed')", name=op.f("ck_erasure_receipts_state")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_erasure_receipts_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_receipts")),
    )
    op.create_index(op.f("ix_erasure_receipts_user_id"), "erasure_receipts", ["user_id"], unique=False)
    op.create_table(
        "packages",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("photo_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "deliverable", sa.String(length=20), server_default=sa.text("'watermarked'"), nullable=False
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "deliverable IN ('watermarked', 'original')", name=op.f("ck_packages_deliverable")
        ),
        sa.CheckConstraint("photo_count >= 0", name=op.f("ck_packages_photo_count_is_not_negative")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_packages_price_is_not_negative")),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_packages_operator_id_operators")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packages")),
    )
    op.create_index(op.f("ix_packages_operator_id"), "packages", ["operator_id"], unique=False)
    op.create_table(
        "photographers",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_photographers_operator_id_operators")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photographers")),
        sa.UniqueConstraint("email", name=op.f("uq_photographers_email")),
    )
    op.create_index(op.f("ix_photographers_operator_id"), "photographers", ["operator_id"], unique=False)
    op.create_table(
        "projects",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("location_name", sa.String(length=255), nullable=True),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("project_link", sa.Text(), nullable=True),
        sa.Column("terms_and_conditions", sa.Text(), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("end_at >= start_at", name=op.f("ck_projects_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_projects_operator_id_operators")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
    )
    op.create_index(op.f("ix_projects_operator_id"), "projects", ["operator_id"], unique=False)
    op.create_table(
        "refresh_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["auth_sessions.id"],
            name=op.f("fk_refresh_tokens_session_id_auth_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_refresh_tokens")),
    )
    op.create_index(op.f("ix_refresh_tokens_expires_at"), "refresh_tokens", ["expires_at"], unique=False)
    op.create_index(op.f("ix_refresh_tokens_session_id"), "refresh_tokens", ["session_id"], unique=False)
    op.create_table(
        "selfies",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("storage_key", sa.String(length=512), nullable=False),
        sa.Column("embedding", Vector(128), nullable=True),
        sa.Column("quality_score", sa.REAL(), nullable=True),
        sa.Column("status", sa.String(length=20), server_default=sa.text("'pending'"), nullable=False),
        sa.Column("rejection_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("upload_state", sa.String(length=20), server_default=sa.text("'issued'"), nullable=False),
        sa.Column("upload_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("engine", sa.String(length=40), nullable=True),
        sa.Column("processed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("crop_key", sa.String(length=512), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('pending', 'approved', 'rejected')", name=op.f("ck_selfies_status")),
        sa.CheckConstraint(
            "upload_state IN ('issued', 'uploaded', 'verified', 'expired')",
            name=op.f("ck_selfies_upload_state"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_selfies_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selfies")),
    )
    op.create_index(
        "ix_selfies_issued",
        "selfies",
        ["upload_expires_at"],
        unique=False,
        postgresql_where=sa.text("upload_state = 'issued'"),
    )
    op.create_index(op.f("ix_selfies_user_id"), "selfies", ["user_id"], unique=False)
    op.create_table(
        "user_consents",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("consent_type", sa.String(length=50), nullable=False),
        sa.Column("consent_version", sa.String(length=20), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_consents_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_consents")),
    )
    op.create_index(op.f("ix_user_consents_user_id"), "user_consents", ["user_id"], unique=False)
    op.create_index(
        "uq_user_consents_active",
        "user_consents",
        ["user_id", "consent_type"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "photos",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("photographer_id", sa.Uuid(), nullable=False),
        sa.Column("storage_key", sa.String(length=512), nullable=False),
        sa.Column("thumbnail_key", sa.String(length=512), nullable=True),
        sa.Column("watermarked_key", sa.String(length=512), nullable=True),
        sa.Column("status", sa.String(length=20), server_default=sa.text("'processing'"), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("preview_key", sa.String(length=512), nullable=True),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("thumbhash", sa.String(length=64), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("upload_state", sa.String(length=20), server_default=sa.text("'issued'"), nullable=False),
        sa.Column("upload_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recognition_state", sa.String(length=20), server_default=sa.text("'pending'"), nullable=False
        ),
        sa.Column("failure_code", sa.String(length=50), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "recognition_state IN ('pending', 'done', 'failed')", name=op.f("ck_photos_recognition_state")
        ),
        sa.CheckConstraint("status IN ('processing', 'ready', 'failed')", name=op.f("ck_photos_status")),
        sa.CheckConstraint(
            "upload_state IN ('issued', 'uploaded', 'verified', 'expired')",
            name=op.f("ck_photos_upload_state"),
        ),
        sa.ForeignKeyConstraint(
            ["photographer_id"], ["photographers.id"], name=op.f("fk_photos_photographer_id_photographers")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_photos_project_id_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photos")),
    )
    op.create_index(
        "ix_photos_issued",
        "photos",
        ["upload_expires_at"],
        unique=False,
        postgresql_where=sa.text("upload_state = 'issued'"),
    )
    op.create_index(op.f("ix_photos_photographer_id"), "photos", ["photographer_id"], unique=False)
    op.create_index(
        "ix_photos_photographer_id_uploaded_at_id",
        "photos",
        ["photographer_id", "uploaded_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_photos_project_id"), "photos", ["project_id"], unique=False)
    op.create_index(
        "ix_photos_project_id_uploaded_at_id", "photos", ["project_id", "uploaded_at", "id"], unique=False
    )
    op.create_index(
        "uq_photos_project_id_sha256",
        "photos",
        ["project_id", "sha256"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL AND status <> 'failed'"),
    )
    op.create_table(
        "project_coaches",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_coaches_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_coaches")),
    )
    op.create_index(op.f("ix_project_coaches_project_id"), "project_coaches", ["project_id"], unique=False)
    op.create_table(
        "project_members",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("terms_accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("backfill_state", sa.String(length=20), server_default=sa.text("'idle'"), nullable=False),
        sa.Column("backfill_done", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("backfill_total", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "backfill_state IN ('idle', 'running', 'done')", name=op.f("ck_project_members_backfill_state")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_members_project_id_projects")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_project_members_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_members")),
    )
    op.create_index(op.f("ix_project_members_project_id"), "project_members", ["project_id"], unique=False)
    op.create_index(op.f("ix_project_members_user_id"), "project_members", ["user_id"], unique=False)
    op.create_index(
        "uq_project_members_project_id_user_id", "project_members", ["project_id", "user_id"], unique=True
    )
    op.create_table(
        "project_packages",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"], ["packages.id"], name=op.f("fk_project_packages_package_id_packages")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_packages_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("project_id", "package_id", name=op.f("pk_project_packages")),
    )
    op.create_index(op.f("ix_project_packages_package_id"), "project_packages", ["package_id"], unique=False)
    op.create_table(
        "project_photographers",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("photographer_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["photographer_id"],
            ["photographers.id"],
            name=op.f("fk_project_photographers_photographer_id_photographers"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_photographers_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_photographers")),
    )
    op.create_index(
        op.f("ix_project_photographers_photographer_id"),
        "project_photographers",
        ["photographer_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_project_photographers_project_id"), "project_photographers", ["project_id"], unique=False
    )
    op.create_index(
        "uq_project_photographers_project_id_photographer_id",
        "project_photographers",
        ["project_id", "photographer_id"],
        unique=True,
    )
    op.create_table(
        "provider_faces",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("selfie_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("collection", sa.String(length=255), nullable=False),
        sa.Column("face_id", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_provider_faces_project_id_projects")
        ),
        sa.ForeignKeyConstraint(
            ["selfie_id"], ["selfies.id"], name=op.f("fk_provider_faces_selfie_id_selfies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_faces")),
    )
    op.create_index(op.f("ix_provider_faces_project_id"), "provider_faces", ["project_id"], unique=False)
    op.create_index(
        "uq_provider_faces_collection_face_id", "provider_faces", ["collection", "face_id"], unique=True
    )
    op.create_index(
        "uq_provider_faces_selfie_id_project_id", "provider_faces", ["selfie_id", "project_id"], unique=True
    )
    op.create_table(
        "purchases",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("stripe_payment_intent_id", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=20), server_default=sa.text("'pending'"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("photo_count", sa.Integer(), nullable=False),
        sa.Column("deliverable", sa.String(length=20), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refunded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refunded_amount", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "deliverable IN ('watermarked', 'original')", name=op.f("ck_purchases_deliverable")
        ),
        sa.CheckConstraint("status IN ('pending', 'paid', 'failed')", name=op.f("ck_purchases_status")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_purchases_amount_is_not_negative")),
        sa.ForeignKeyConstraint(
            ["package_id"], ["packages.id"], name=op.f("fk_purchases_package_id_packages")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_purchases_project_id_projects")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_purchases_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchases")),
        sa.UniqueConstraint("stripe_payment_intent_id", name=op.f("uq_purchases_stripe_payment_intent_id")),
    )
    op.create_index(op.f("ix_purchases_package_id"), "purchases", ["package_id"], unique=False)
    op.create_index(
        "ix_purchases_pending",
        "purchases",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index(op.f("ix_purchases_project_id"), "purchases", ["project_id"], unique=False)
    op.create_index(op.f("ix_purchases_user_id"), "purchases", ["user_id"], unique=False)
    op.create_table(
        "qr_tokens",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(length=255), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("kind", sa.String(length=20), server_default=sa.text("'poster'"), nullable=False),
        sa.Column("label", sa.String(length=255), nullable=True),
        sa.Column("use_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('poster', 'card')", name=op.f("ck_qr_tokens_kind")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_qr_tokens_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qr_tokens")),
        sa.UniqueConstraint("token", name=op.f("uq_qr_tokens_token")),
    )
    op.create_index(op.f("ix_qr_tokens_project_id"), "qr_tokens", ["project_id"], unique=False)
    op.create_table(
        "photo_faces",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("box_left", sa.Float(), nullable=False),
        sa.Column("box_top", sa.Float(), nullable=False),
        sa.Column("box_width", sa.Float(), nullable=False),
        sa.Column("box_height", sa.Float(), nullable=False),
        sa.Column("size_px", sa.Float(), nullable=False),
        sa.Column("detection_score", sa.Float(), nullable=False),
        sa.Column("sharpness", sa.Float(), nullable=False),
        sa.Column("crop_key", sa.Text(), nullable=False),
        sa.Column("embedding", Vector(128), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.id"], name=op.f("fk_photo_faces_photo_id_photos"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_faces")),
    )
    op.create_index("uq_photo_faces_photo_id_ordinal", "photo_faces", ["photo_id", "ordinal"], unique=True)
    op.create_table(
        "purchase_photos",
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("unlocked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_purchase_photos_photo_id_photos")),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchases.id"], name=op.f("fk_purchase_photos_purchase_id_purchases")
        ),
        sa.PrimaryKeyConstraint("purchase_id", "photo_id", name=op.f("pk_purchase_photos")),
    )
    op.create_index(op.f("ix_purchase_photos_photo_id"), "purchase_photos", ["photo_id"], unique=False)
    op.create_table(
        "photo_tags",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("confidence", sa.REAL(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("review_status", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("engine", sa.String(length=40), nullable=True),
        sa.Column("distance", sa.REAL(), nullable=True),
        sa.Column("face_id", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "review_status IN ('confirmed', 'pending', 'rejected')", name=op.f("ck_photo_tags_review_status")
        ),
        sa.CheckConstraint("source IN ('auto', 'manual')", name=op.f("ck_photo_tags_source")),
        sa.ForeignKeyConstraint(
            ["face_id"],
            ["photo_faces.id"],
            name=op.f("fk_photo_tags_face_id_photo_faces"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_photo_tags_photo_id_photos")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_photo_tags_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_tags")),
    )
    op.create_index(op.f("ix_photo_tags_face_id"), "photo_tags", ["face_id"], unique=False)
    op.create_index(
        "ix_photo_tags_pending",
        "photo_tags",
        ["created_at", "id"],
        unique=False,
        postgresql_where=sa.text("review_status = 'pending'"),
    )
    op.create_index(op.f("ix_photo_tags_photo_id"), "photo_tags", ["photo_id"], unique=False)
    op.create_index(op.f("ix_photo_tags_user_id"), "photo_tags", ["user_id"], unique=False)
    op.create_index(
        "ix_photo_tags_user_id_review_status",
        "photo_tags",
        ["user_id", "review_status", "photo_id"],
        unique=False,
    )
    op.create_index("uq_photo_tags_photo_id_user_id", "photo_tags", ["photo_id", "user_id"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_photo_tags_photo_id_user_id", table_name="photo_tags")
    op.drop_index("ix_photo_tags_user_id_review_status", table_name="photo_tags")
    op.drop_index(op.f("ix_photo_tags_user_id"), table_name="photo_tags")
    op.drop_index(op.f("ix_photo_tags_photo_id"), table_name="photo_tags")
    op.drop_index(
        "ix_photo_tags_pending",
        table_name="photo_tags",
        postgresql_where=sa.text("review_status = 'pending'"),
    )
    op.drop_index(op.f("ix_photo_tags_face_id"), table_name="photo_tags")
    op.drop_table("photo_tags")
    op.drop_index(op.f("ix_purchase_photos_photo_id"), table_name="purchase_photos")
    op.drop_table("purchase_photos")
    op.drop_index("uq_photo_faces_photo_id_ordinal", table_name="photo_faces")
    op.drop_table("photo_faces")
    op.drop_index(op.f("ix_qr_tokens_project_id"), table_name="qr_tokens")
    op.drop_table("qr_tokens")
    op.drop_index(op.f("ix_purchases_user_id"), table_name="purchases")
    op.drop_index(op.f("ix_purchases_project_id"), table_name="purchases")
    op.drop_index(
        "ix_purchases_pending", table_name="purchases", postgresql_where=sa.text("status = 'pending'")
    )
    op.drop_index(op.f("ix_purchases_package_id"), table_name="purchases")
    op.drop_table("purchases")
    op.drop_index("uq_provider_faces_selfie_id_project_id", table_name="provider_faces")
    op.drop_index("uq_provider_faces_collection_face_id", table_name="provider_faces")
    op.drop_index(op.f("ix_provider_faces_project_id"), table_name="provider_faces")
    op.drop_table("provider_faces")
    op.drop_index("uq_project_photographers_project_id_photographer_id", table_name="project_photographers")
    op.drop_index(op.f("ix_project_photographers_project_id"), table_name="project_photographers")
    op.drop_index(op.f("ix_project_photographers_photographer_id"), table_name="project_photographers")
    op.drop_table("project_photographers")
    op.drop_index(op.f("ix_project_packages_package_id"), table_name="project_packages")
    op.drop_table("project_packages")
    op.drop_index("uq_project_members_project_id_user_id", table_name="project_members")
    op.drop_index(op.f("ix_project_members_user_id"), table_name="project_members")
    op.drop_index(op.f("ix_project_members_project_id"), table_name="project_members")
    op.drop_table("project_members")
    op.drop_index(op.f("ix_project_coaches_project_id"), table_name="project_coaches")
    op.drop_table("project_coaches")
    op.drop_index(
        "uq_photos_project_id_sha256",
        table_name="photos",
        postgresql_where=sa.text("deleted_at IS NULL AND status <> 'failed'"),
    )
    op.drop_index("ix_photos_project_id_uploaded_at_id", table_name="photos")
    op.drop_index(op.f("ix_photos_project_id"), table_name="photos")
    op.drop_index("ix_photos_photographer_id_uploaded_at_id", table_name="photos")
    op.drop_index(op.f("ix_photos_photographer_id"), table_name="photos")
    op.drop_index(
        "ix_photos_issued", table_name="photos", postgresql_where=sa.text("upload_state = 'issued'")
    )
    op.drop_table("photos")
    op.drop_index(
        "uq_user_consents_active", table_name="user_consents", postgresql_where=sa.text("revoked_at IS NULL")
    )
    op.drop_index(op.f("ix_user_consents_user_id"), table_name="user_consents")
    op.drop_table("user_consents")
    op.drop_index(op.f("ix_selfies_user_id"), table_name="selfies")
    op.drop_index(
        "ix_selfies_issued", table_name="selfies", postgresql_where=sa.text("upload_state = 'issued'")
    )
    op.drop_table("selfies")
    op.drop_index(op.f("ix_refresh_tokens_session_id"), table_name="refresh_tokens")
    op.drop_index(op.f("ix_refresh_tokens_expires_at"), table_name="refresh_tokens")
    op.drop_table("refresh_tokens")
    op.drop_index(op.f("ix_projects_operator_id"), table_name="projects")
    op.drop_table("projects")
    op.drop_index(op.f("ix_photographers_operator_id"), table_name="photographers")
    op.drop_table("photographers")
    op.drop_index(op.f("ix_packages_operator_id"), table_name="packages")
    op.drop_table("packages")
    op.drop_index(op.f("ix_erasure_receipts_user_id"), table_name="erasure_receipts")
    op.drop_table("erasure_receipts")
    op.drop_table("users")
    op.drop_index(op.f("ix_stripe_events_intent_id"), table_name="stripe_events")
    op.drop_table("stripe_events")
    op.drop_index(
        "uq_outbox_jobs_dedupe_key", table_name="outbox_jobs", postgresql_where=sa.text("state = 'queued'")
    )
    op.drop_index(
        "ix_outbox_jobs_unfinished",
        table_name="outbox_jobs",
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.drop_table("outbox_jobs")
    op.drop_table("operators")
    op.drop_index("ix_one_time_tokens_account", table_name="one_time_tokens")
    op.drop_table("one_time_tokens")
    op.drop_index("ix_auth_sessions_account", table_name="auth_sessions")
    op.drop_table("auth_sessions")
