"""Tags that were there before are told when their photo came, some at a time

Revision: 0023
Follows: 0022
"""

from uuid import UUID

import sqlalchemy as sa

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

BATCH = sa.text("""
WITH batch AS (SELECT id, photo_id FROM photo_tags WHERE id > :after ORDER BY id LIMIT 20000),
     told AS (UPDATE photo_tags t SET photo_uploaded_at = p.uploaded_at
              FROM batch JOIN photos p ON p.id = batch.photo_id
              WHERE t.id = batch.id AND t.photo_uploaded_at IS NULL)
SELECT id FROM batch ORDER BY id DESC LIMIT 1
""")


def upgrade() -> None:
    """Each batch is a transaction of its own: nobody waits for all of them."""
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        last = UUID(int=0)
        while (found := connection.scalar(BATCH, {"after": last})) is not None:
            last = found
    op.alter_column("photo_tags", "photo_uploaded_at", nullable=False)


def downgrade() -> None:
    op.alter_column("photo_tags", "photo_uploaded_at", nullable=True)
