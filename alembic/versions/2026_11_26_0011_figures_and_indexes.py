"""Figures, and the indexes of lists

Revision: 0011
Follows: 0009
"""

import sqlalchemy as sa

from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None

KINDS = "kind IN ('photos', 'matches', 'tags', 'members')"
IS_HERE = sa.text("deleted_at IS NULL")

SLOT = """
CREATE FUNCTION figure_slot(at timestamptz) RETURNS timestamptz IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql
RETURN date_bin('15 minutes', at, '2000-01-01 00:00:00+00'::timestamptz)
"""
TAG_PROJECT = """
CREATE FUNCTION set_tag_project() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.project_id := (SELECT project_id FROM photos WHERE id = NEW.photo_id);
    RETURN NEW;
END $$
"""

MARK_SLOT = "INSERT INTO figure_marks (kind, project_id, starts_at) SELECT DISTINCT"
MARK_GUEST = (
    "INSERT INTO figure_marks (kind, user_id) SELECT DISTINCT 'members', changed.user_id FROM changed"
)
TAGGED = "FROM changed JOIN photo_tags t ON t.photo_id = changed.id"
OF_PHOTO = "FROM changed JOIN photos p ON p.id = changed.photo_id"

# What is to be counted again: table, columns whose change matters, and what is marked for the changed rows.
# Rows that come or go matter unless only an update can (`deleted_at` of a photo reaches its tags).
ALWAYS, UPDATE_ONLY = ("insert", "update", "delete"), ("update",)
MARKS: list[tuple[str, str, tuple[str, ...], list[str]]] = [
    (
        "photos",
        "status upload_state uploaded_at photographer_id deleted_at",
        ALWAYS,
        [f"{MARK_SLOT} 'photos', project_id, figure_slot(uploaded_at) FROM changed"],
    ),
    (
        "photos",
        "uploaded_at photographer_id deleted_at",
        UPDATE_ONLY,
        [
            f"{MARK_SLOT} 'matches', project_id, figure_slot(uploaded_at) FROM changed",
            f"{MARK_SLOT} 'tags', t.project_id, figure_slot(t.created_at) {TAGGED}",
            f"INSERT INTO figure_marks (kind, user_id) SELECT DISTINCT 'members', t.user_id {TAGGED}",
        ],
    ),
    (
        "photo_tags",
        "review_status created_at user_id",
        ALWAYS,
        [
            f"{MARK_SLOT} 'tags', project_id, figure_slot(created_at) FROM changed",
            f"{MARK_SLOT} 'matches', p.project_id, figure_slot(p.uploaded_at) {OF_PHOTO}",
            MARK_GUEST,
        ],
    ),
    (
        "project_members",
        "joined_at",
        ALWAYS,
        [f"{MARK_SLOT} 'members', project_id, figure_slot(joined_at) FROM changed"],
    ),
    ("user_consents", "user_id revoked_at", ALWAYS, [MARK_GUEST]),
    ("selfies", "status deleted_at", ALWAYS, [MARK_GUEST]),
    ("purchases", "status", ALWAYS, [MARK_GUEST]),
    ("users", "deleted_at", UPDATE_ONLY, [MARK_GUEST.replace("changed.user_id", "changed.id")]),
]
SEEN = {
    "insert": "REFERENCING NEW TABLE AS now_rows",
    "update": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS now_rows",
    "delete": "REFERENCING OLD TABLE AS old_rows",
}


def _changed(event: str, columns: str) -> str:
    if event != "update":
        return f"SELECT * FROM {'now' if event == 'insert' else 'old'}_rows"  # noqa: S608 - of this file alone
    before, after = (", ".join(f"{row}.{name}" for name in columns.split()) for row in "on")
    pairs = f"old_rows o JOIN now_rows n ON n.id = o.id WHERE ROW({before}) IS DISTINCT FROM ROW({after})"
    return f"SELECT o.* FROM {pairs} UNION ALL SELECT n.* FROM {pairs}"  # noqa: S608 - likewise


def _triggers() -> list[tuple[str, str, str, str]]:
    """Name, table, event and body."""
    found = []
    for number, (table, columns, events, marks) in enumerate(MARKS):
        for event in events:
            changed = f"WITH changed AS ({_changed(event, columns)})"
            body = " ".join(f"{changed} {mark};" for mark in marks)
            found.append((f"mark_figures_{number}_{event}", table, event, body))
    return found


def upgrade() -> None:
    _add_figures()
    _add_project_of_tags()
    _add_indexes()
    for name, table, event, body in _triggers():
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql "
            f"AS $$ BEGIN {body} RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} {SEEN[event]} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )
    _mark_everything()


def _add_figures() -> None:
    at = sa.DateTime(timezone=True)
    op.create_table(
        "figures",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("starts_at", at, nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_figures_kind")),
        sa.PrimaryKeyConstraint(
            "project_id",
            "kind",
            "starts_at",
            "subject_id",
            "label",
            name=op.f("pk_figures"),
            postgresql_include=["value"],
        ),
    )
    op.create_table(
        "figure_marks",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", at, nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f("ck_figure_marks_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_marks")),
    )
    op.create_index("ix_figure_marks_project_id", "figure_marks", ["project_id", "kind", "starts_at"])
    op.create_index("ix_figure_marks_user_id", "figure_marks", ["user_id"])
    op.execute(SLOT)


def _add_project_of_tags() -> None:
    op.add_column("photo_tags", sa.Column("project_id", sa.Uuid(), nullable=True))
    op.execute("UPDATE photo_tags t SET project_id = p.project_id FROM photos p WHERE p.id = t.photo_id")
    op.alter_column("photo_tags", "project_id", nullable=False)
    op.execute(TAG_PROJECT)
    op.execute(
        "CREATE TRIGGER set_tag_project BEFORE INSERT ON photo_tags "
        "FOR EACH ROW EXECUTE FUNCTION set_tag_project()"
    )


def _add_indexes() -> None:
    tags, purchases = "photo_tags", "purchases"
    op.create_index("ix_photo_tags_project_id_created_at", tags, ["project_id", "created_at", "id"])
    op.create_index(
        "ix_photo_tags_project_id_review_status", tags, ["project_id", "review_status", "created_at", "id"]
    )
    for owner in ("project_id", "photographer_id"):
        columns = [owner, "status", "uploaded_at", "id"]
        op.create_index(f"ix_photos_{owner}_status", "photos", columns, postgresql_where=IS_HERE)
    for owner in ("project_id", "user_id"):
        op.create_index(
            f"ix_project_members_{owner}_joined_at", "project_members", [owner, "joined_at", "id"]
        )
        op.create_index(f"ix_purchases_{owner}_created_at", purchases, [owner, "created_at", "id"])
    op.create_index(
        "ix_purchases_project_id_status",
        purchases,
        ["project_id", "status", "created_at", "id"],
        postgresql_include=["refunded_at"],
    )
    op.create_index(
        "ix_selfies_counted",
        "selfies",
        ["user_id"],
        postgresql_include=["status", "created_at"],
        postgresql_where=IS_HERE,
    )
    op.create_index(
        "ix_purchases_paid",
        purchases,
        ["project_id", "status", "paid_at"],
        postgresql_include=["currency", "amount", "refunded_amount"],
    )


def _mark_everything() -> None:
    """Nothing is counted yet: the tables are asked until the periodic job has been through."""
    sources = {
        "photos": "project_id, figure_slot(uploaded_at) FROM photos",
        "matches": "project_id, figure_slot(uploaded_at) FROM photos",
        "tags": "project_id, figure_slot(created_at) FROM photo_tags",
        "members": "project_id, figure_slot(joined_at) FROM project_members",
    }
    for kind, source in sources.items():
        op.execute(f"{MARK_SLOT} '{kind}', {source}")


def downgrade() -> None:
    for name, table, _, _ in reversed(_triggers()):
        op.execute(f"DROP TRIGGER {name} ON {table}")
        op.execute(f"DROP FUNCTION {name}()")
    op.drop_index("ix_selfies_counted", "selfies")
    op.drop_index("ix_purchases_paid", "purchases")
    op.drop_index("ix_purchases_project_id_status", "purchases")
    for owner in ("project_id", "user_id"):
        op.drop_index(f"ix_purchases_{owner}_created_at", "purchases")
        op.drop_index(f"ix_project_members_{owner}_joined_at", "project_members")
    for owner in ("project_id", "photographer_id"):
        op.drop_index(f"ix_photos_{owner}_status", "photos")
    op.drop_index("ix_photo_tags_project_id_review_status", "photo_tags")
    op.drop_index("ix_photo_tags_project_id_created_at", "photo_tags")
    op.execute("DROP TRIGGER set_tag_project ON photo_tags")
    op.execute("DROP FUNCTION set_tag_project()")
    op.drop_column("photo_tags", "project_id")
    op.drop_table("figure_marks")
    op.drop_table("figures")
    op.execute("DROP FUNCTION figure_slot(timestamptz)")
