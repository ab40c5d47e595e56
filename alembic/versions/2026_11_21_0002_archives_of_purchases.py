"""Archives of purchases

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "purchase_archives",
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), server_default=sa.text("'building'"), nullable=False),
        sa.Column("storage_key", sa.String(length=512), nullable=True),
        sa.Column("photo_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column(
            "requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('building', 'ready', 'failed')", name=op.f("ck_purchase_archives_state")
        ),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchases.id"], name=op.f("fk_purchase_archives_purchase_id_purchases")
        ),
        sa.PrimaryKeyConstraint("purchase_id", name=op.f("pk_purchase_archives")),
    )


def downgrade() -> None:
    op.drop_table("purchase_archives")
