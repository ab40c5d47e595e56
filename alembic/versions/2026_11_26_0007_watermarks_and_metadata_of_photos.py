"""Watermark designs; what photos tell of how they were taken

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "watermarks",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("design", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operators.id"], name=op.f("fk_watermarks_operator_id_operators")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_watermarks_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watermarks")),
    )
    op.create_index(
        "uq_watermarks_operator_id",
        "watermarks",
        ["operator_id"],
        unique=True,
        postgresql_where=sa.text("project_id IS NULL"),
    )
    op.create_index("uq_watermarks_project_id", "watermarks", ["project_id"], unique=True)
    op.add_column("photos", sa.Column("camera", sa.String(length=255), nullable=True))
    op.add_column("photos", sa.Column("lens", sa.String(length=255), nullable=True))
    op.add_column("photos", sa.Column("serial_number", sa.String(length=255), nullable=True))
    op.add_column("photos", sa.Column("perceptual_hash", sa.BigInteger(), nullable=True))
    op.add_column("photos", sa.Column("watermark_version", sa.String(length=16), nullable=True))
    op.add_column(
        "photos",
        sa.Column(
            "stem",
            sa.Text(),
            sa.Computed(r"lower(regexp_replace(filename, '\.[^.]*$', ''))", persisted=True),
            nullable=False,
        ),
    )
    op.create_index(
        "ix_photos_project_id_photographer_id_stem",
        "photos",
        ["project_id", "photographer_id", "stem"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_photos_project_id_photographer_id_stem", table_name="photos")
    op.drop_column("photos", "stem")
    op.drop_column("photos", "watermark_version")
    op.drop_column("photos", "perceptual_hash")
    op.drop_column("photos", "serial_number")
    op.drop_column("photos", "lens")
    op.drop_column("photos", "camera")
    op.drop_table("watermarks")
