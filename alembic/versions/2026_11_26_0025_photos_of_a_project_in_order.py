"""The photos of a project in their order, read from the index alone

Revision: 0025
Follows: 0024
"""

import sqlalchemy as sa

from acme_db.online import create_index_online, drop_index_online

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BEFORE, AFTER = "ix_photos_project_id_uploaded_at_id", "ix_photos_project_id_shown"
COLUMNS = ["project_id", "uploaded_at", "id"]


def upgrade() -> None:
    create_index_online(AFTER, "photos", COLUMNS, postgresql_where=sa.text("deleted_at IS NULL"))
    drop_index_online(BEFORE)


def downgrade() -> None:
    create_index_online(BEFORE, "photos", COLUMNS)
    drop_index_online(AFTER)
