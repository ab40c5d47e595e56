"""Texts of consents are kept, new ones pause the old; selfies that show the same face are told of

Revision: 0016
Follows: 0015
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consent_documents",
        sa.Column("consent_type", sa.String(50), nullable=False),
        sa.Column("version", sa.String(20, collation="C"), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column(
            "published_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("consent_type", "version", "language", name=op.f("pk_consent_documents")),
    )
    op.create_index("ix_consent_documents_sha256", "consent_documents", ["sha256"])
    op.add_column("user_consents", sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_user_consents_superseded",
        "user_consents",
        ["superseded_at"],
        postgresql_where=sa.text("revoked_at IS NULL AND superseded_at IS NOT NULL"),
    )
    op.add_column(
        "erasure_receipts", sa.Column("cause", sa.String(20), server_default="asked", nullable=False)
    )
    op.add_column(
        "erasure_receipts",
        sa.Column("kept", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_erasure_receipts_cause"),
        "erasure_receipts",
        "cause IN ('asked', 'consent_lapsed', 'inactive')",
    )
    op.add_column(
        "projects",
        sa.Column(
            "matches_need_verified_email", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
    )
    _add_conflicts()


def _add_conflicts() -> None:
    op.create_table(
        "selfie_conflicts",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("other_user_id", sa.Uuid(), nullable=False),
        sa.Column("confidence", sa.REAL(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_selfie_conflicts_project_id_projects")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_selfie_conflicts_user_id_users")),
        sa.ForeignKeyConstraint(
            ["other_user_id"], ["users.id"], name=op.f("fk_selfie_conflicts_other_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selfie_conflicts")),
    )
    op.create_index(
        "uq_selfie_conflicts_project_id_user_id_other_user_id",
        "selfie_conflicts",
        ["project_id", "user_id", "other_user_id"],
        unique=True,
    )
    for column in ("user_id", "other_user_id"):
        op.create_index(op.f(f"ix_selfie_conflicts_{column}"), "selfie_conflicts", [column])


def downgrade() -> None:
    op.drop_table("selfie_conflicts")
    op.drop_column("projects", "matches_need_verified_email")
    op.drop_constraint(op.f("ck_erasure_receipts_cause"), "erasure_receipts")
    op.drop_column("erasure_receipts", "kept")
    op.drop_column("erasure_receipts", "cause")
    op.drop_index("ix_user_consents_superseded", "user_consents")
    op.drop_column("user_consents", "superseded_at")
    op.drop_table("consent_documents")
