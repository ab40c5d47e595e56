"""Second factors, superadmins, audit, thresholds, versions

Revision: 0003
Follows: 0002
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_events",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("actor_role", sa.String(length=20), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("ip", sa.String(length=45), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column(
            "details", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    op.create_index("ix_audit_events_action", "audit_events", ["action", "occurred_at"], unique=False)
    op.create_index("ix_audit_events_actor_id", "audit_events", ["actor_id", "occurred_at"], unique=False)
    op.create_index("ix_audit_events_occurred_at", "audit_events", ["occurred_at", "id"], unique=False)
    op.create_index("ix_audit_events_subject_id", "audit_events", ["subject_id", "occurred_at"], unique=False)
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    op.create_index(
        "uq_recovery_codes_hash", "recovery_codes", ["role", "account_id", "code_hash"], unique=True
    )
    op.create_table(
        "second_factors",
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("encrypted_key", sa.Text(), nullable=False),
        sa.Column("last_counter", sa.BigInteger(), server_default=sa.text("-1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("role", "account_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "superadmins",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_superadmins")),
        sa.UniqueConstraint("email", name=op.f("uq_superadmins_email")),
    )
    op.create_table(
        "match_scores",
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("confidence", sa.REAL(), nullable=False),
        sa.Column("is_capped", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.id"], name=op.f("fk_match_scores_photo_id_photos"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_match_scores_user_id_users")),
        sa.PrimaryKeyConstraint("photo_id", "user_id", name=op.f("pk_match_scores")),
    )
    op.create_index(op.f("ix_match_scores_user_id"), "match_scores", ["user_id"], unique=False)
    op.add_column(
        "erasure_receipts",
        sa.Column("is_account", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column(
        "erasure_receipts", sa.Column("recipient", postgresql.JSONB(astext_type=sa.Text()), nullable=True)
    )
    op.add_column("operators", sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("packages", sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.add_column("photo_tags", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "photographers", sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False)
    )
    op.add_column(
        "project_coaches", sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False)
    )
    op.add_column("project_members", sa.Column("told_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("projects", sa.Column("confirm_confidence", sa.Float(), nullable=True))
    op.add_column("projects", sa.Column("review_confidence", sa.Float(), nullable=True))
    op.add_column("projects", sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.add_column(
        "users", sa.Column("locale", sa.String(length=10), server_default=sa.text("'en'"), nullable=False)
    )
    op.add_column(
        "users", sa.Column("wants_photo_mails", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    )
    op.create_check_constraint(
        op.f("ck_projects_bands_are_ordered"), "projects", "review_confidence <= confirm_confidence"
    )
    op.create_index(
        "ix_photo_tags_confirmed_at",
        "photo_tags",
        ["confirmed_at"],
        postgresql_where=sa.text("confirmed_at IS NOT NULL"),
    )
    op.execute("UPDATE photo_tags SET confirmed_at = updated_at WHERE review_status = 'confirmed'")
    op.execute(
        "INSERT INTO match_scores (photo_id, user_id, confidence, is_capped) "
        "SELECT photo_id, user_id, confidence, review_status = 'pending' AND confidence >= 75 "
        "FROM photo_tags WHERE source = 'auto'"
    )


def downgrade() -> None:
    op.drop_index("ix_photo_tags_confirmed_at", table_name="photo_tags")
    op.drop_constraint(op.f("ck_projects_bands_are_ordered"), "projects")
    op.drop_column("users", "wants_photo_mails")
    op.drop_column("users", "locale")
    op.drop_column("projects", "version")
    op.drop_column("projects", "review_confidence")
    op.drop_column("projects", "confirm_confidence")
    op.drop_column("project_members", "told_until")
    op.drop_column("project_coaches", "version")
    op.drop_column("photographers", "version")
    op.drop_column("photo_tags", "confirmed_at")
    op.drop_column("packages", "version")
    op.drop_column("operators", "suspended_at")
    op.drop_column("erasure_receipts", "recipient")
    op.drop_column("erasure_receipts", "is_account")
    op.drop_index(op.f("ix_match_scores_user_id"), table_name="match_scores")
    op.drop_table("match_scores")
    op.drop_table("superadmins")
    op.drop_table("second_factors")
    op.drop_index("uq_recovery_codes_hash", table_name="recovery_codes")
    op.drop_table("recovery_codes")
    op.drop_index("ix_audit_events_subject_id", table_name="audit_events")
    op.drop_index("ix_audit_events_occurred_at", table_name="audit_events")
    op.drop_index("ix_audit_events_actor_id", table_name="audit_events")
    op.drop_index("ix_audit_events_action", table_name="audit_events")
    op.drop_table("audit_events")
