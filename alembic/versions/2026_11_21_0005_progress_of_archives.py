"""Progress of archives

Revision: 0005
Follows: 0004
"""

import sqlalchemy as sa

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "purchase_archives",
        sa.Column("done_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.execute("UPDATE purchase_archives SET done_count = photo_count WHERE state = 'ready'")


def downgrade() -> None:
    op.drop_column("purchase_archives", "done_count")
