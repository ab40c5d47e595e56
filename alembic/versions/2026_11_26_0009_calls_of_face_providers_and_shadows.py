"""Calls of face providers, and what a second engine finds

Revision: 0009
Follows: 0008
"""

import sqlalchemy as sa

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "face_calls",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("operation", sa.String(40), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_face_calls_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_face_calls")),
    )
    op.create_index(
        "uq_face_calls_project_id_operation_hour",
        "face_calls",
        ["project_id", "operation", "hour"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "shadow_results",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("primary_engine", sa.String(40), nullable=False),
        sa.Column("shadow_engine", sa.String(40), nullable=False),
        sa.Column("primary_score", sa.REAL(), nullable=True),
        sa.Column("shadow_score", sa.REAL(), nullable=True),
        sa.Column("primary_band", sa.String(20), nullable=True),
        sa.Column("shadow_band", sa.String(20), nullable=True),
        sa.Column("compared_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.id"], name=op.f("fk_shadow_results_photo_id_photos"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_shadow_results_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shadow_results")),
    )
    op.create_index(
        "uq_shadow_results_photo_id_user_id", "shadow_results", ["photo_id", "user_id"], unique=True
    )
    op.create_index(op.f("ix_shadow_results_user_id"), "shadow_results", ["user_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_shadow_results_user_id"), table_name="shadow_results")
    op.drop_index("uq_shadow_results_photo_id_user_id", table_name="shadow_results")
    op.drop_table("shadow_results")
    op.drop_index("uq_face_calls_project_id_operation_hour", table_name="face_calls")
    op.drop_table("face_calls")
