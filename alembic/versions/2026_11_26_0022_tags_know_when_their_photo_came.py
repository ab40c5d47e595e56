"""A tag knows when its photo came: a guest's photos are read in their order, however many there are

Revision: 0022
Follows: 0021
"""

import sqlalchemy as sa

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TAG_PHOTO = """
CREATE FUNCTION set_tag_photo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT project_id, uploaded_at INTO NEW.project_id, NEW.photo_uploaded_at
    FROM photos WHERE id = NEW.photo_id;
    RETURN NEW;
END $$
"""

FOLLOW_PHOTO = """
CREATE FUNCTION follow_photo_uploaded_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE photo_tags SET photo_uploaded_at = NEW.uploaded_at WHERE photo_id = NEW.id;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.add_column("photo_tags", sa.Column("photo_uploaded_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(TAG_PHOTO)
    op.execute("DROP TRIGGER set_tag_project ON photo_tags")
    op.execute(
        "CREATE TRIGGER set_tag_photo BEFORE INSERT ON photo_tags "
        "FOR EACH ROW EXECUTE FUNCTION set_tag_photo()"
    )
    op.execute(FOLLOW_PHOTO)
    op.execute(
        "CREATE TRIGGER follow_photo_uploaded_at AFTER UPDATE OF uploaded_at ON photos FOR EACH ROW "
        "WHEN (OLD.uploaded_at IS DISTINCT FROM NEW.uploaded_at) EXECUTE FUNCTION follow_photo_uploaded_at()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER follow_photo_uploaded_at ON photos")
    op.execute("DROP FUNCTION follow_photo_uploaded_at")
    op.execute("DROP TRIGGER set_tag_photo ON photo_tags")
    op.execute(
        "CREATE TRIGGER set_tag_project BEFORE INSERT ON photo_tags "
        "FOR EACH ROW EXECUTE FUNCTION set_tag_project()"
    )
    op.execute("DROP FUNCTION set_tag_photo")
    op.drop_column("photo_tags", "photo_uploaded_at")
