"""Guests may ask that a photo be withheld, or their face blurred in it

Revision: 0017
Follows: 0016
"""

import sqlalchemy as sa

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hide_requests",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), server_default=sa.text("'pending'"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        *(sa.Column(f"box_{side}", sa.Float(), nullable=True) for side in ("left", "top", "width", "height")),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind IN ('withhold', 'blur')", name=op.f("ck_hide_requests_kind")),
        sa.CheckConstraint(
            "state IN ('pending', 'accepted', 'declined')", name=op.f("ck_hide_requests_state")
        ),
        sa.CheckConstraint(
            "kind <> 'blur' OR box_left IS NOT NULL", name=op.f("ck_hide_requests_blur_says_where")
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_hide_requests_photo_id_photos")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_hide_requests_project_id_projects")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_hide_requests_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hide_requests")),
    )
    op.create_index(
        "uq_hide_requests_photo_id_user_id_kind",
        "hide_requests",
        ["photo_id", "user_id", "kind"],
        unique=True,
    )
    op.create_index(
        "ix_hide_requests_project_id_created_at", "hide_requests", ["project_id", "created_at", "id"]
    )
    op.create_index("ix_hide_requests_user_id_created_at", "hide_requests", ["user_id", "created_at", "id"])
    op.add_column("photos", sa.Column("withheld_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("photos", sa.Column("blur_version", sa.String(12), nullable=True))
    op.add_column("photos", sa.Column("cleared_key", sa.String(512), nullable=True))


def downgrade() -> None:
    op.drop_column("photos", "cleared_key")
    op.drop_column("photos", "blur_version")
    op.drop_column("photos", "withheld_at")
    op.drop_table("hide_requests")
