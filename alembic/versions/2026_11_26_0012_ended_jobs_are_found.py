"""Ended jobs are found: those that failed to be listed, those that are old to be removed

Revision: 0012
Follows: 0011
"""

import sqlalchemy as sa

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_outbox_jobs_ended",
        "outbox_jobs",
        ["state", "finished_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('done', 'failed')"),
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_jobs_ended", table_name="outbox_jobs")
