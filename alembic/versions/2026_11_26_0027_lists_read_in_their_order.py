"""Projects and photographers of an operator, and photos of a photographer, in their order

Revision: 0027
Follows: 0026
"""

import sqlalchemy as sa

from acme_db.online import create_index_online, drop_index_online

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

IS_SHOWN = sa.text("deleted_at IS NULL")
BEFORE, COLUMNS = "ix_photos_photographer_id_uploaded_at_id", ["photographer_id", "uploaded_at", "id"]


def upgrade() -> None:
    for table in ("projects", "photographers"):
        columns = ["operator_id", "created_at", "id"]
        create_index_online(f"ix_{table}_operator_id_shown", table, columns, postgresql_where=IS_SHOWN)
    create_index_online("ix_photos_photographer_id_shown", "photos", COLUMNS, postgresql_where=IS_SHOWN)
    drop_index_online(BEFORE)


def downgrade() -> None:
    create_index_online(BEFORE, "photos", COLUMNS)
    drop_index_online("ix_photos_photographer_id_shown")
    for table in ("photographers", "projects"):
        drop_index_online(f"ix_{table}_operator_id_shown")
