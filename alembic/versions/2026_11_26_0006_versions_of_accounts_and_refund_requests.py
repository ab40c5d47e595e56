"""Versions of accounts, and what refunds were asked for

Revision: 0006
Follows: 0005
"""

import sqlalchemy as sa

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ACCOUNTS = ("operators", "users", "superadmins")


def upgrade() -> None:
    for table in ACCOUNTS:
        op.add_column(table, sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.create_table(
        "refund_requests",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=255), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("refund_id", sa.String(length=255), nullable=True),
        sa.Column("refunded_amount", sa.Integer(), nullable=True),
        sa.Column("refund_status", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchases.id"], name=op.f("fk_refund_requests_purchase_id_purchases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_requests")),
    )
    op.create_index(
        "uq_refund_requests_purchase_id_idempotency_key",
        "refund_requests",
        ["purchase_id", "idempotency_key"],
        unique=True,
    )


def downgrade() -> None:
    op.drop_table("refund_requests")
    for table in ACCOUNTS:
        op.drop_column(table, "version")
