"""Totals of the figures: what there is of all times is not summed up each time

Revision: 0026
Follows: 0025
"""

import sqlalchemy as sa

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

KINDS = "kind IN ('photos', 'matches', 'tags', 'members')"
KEY = ["project_id", "kind", "subject_id", "label"]
# In one order, so that no two of them wait for each other.
ADD = """
INSERT INTO figure_totals (project_id, kind, subject_id, label, value)
SELECT project_id, kind, subject_id, label, sum(value) FROM {changed}
GROUP BY project_id, kind, subject_id, label ORDER BY project_id, kind, subject_id, label
"""
FUNCTION = f"""
CREATE FUNCTION {{name}}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {ADD}
    ON CONFLICT (project_id, kind, subject_id, label)
    DO UPDATE SET value = figure_totals.value + excluded.value;
    RETURN NULL;
END $$
"""
GONE = "SELECT project_id, kind, starts_at, subject_id, label, -value AS value FROM gone"
CHANGES = {
    "insert": ("NEW TABLE AS came", "came"),
    "update": ("OLD TABLE AS gone NEW TABLE AS came", f"(TABLE came UNION ALL {GONE}) AS changed"),
    "delete": ("OLD TABLE AS gone", f"({GONE}) AS changed"),
}


def upgrade() -> None:
    """From the first trigger on a fold waits until the totals of what is there are in; nobody else does."""
    op.create_table(
        "figure_totals",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_figure_totals_kind")),
        sa.PrimaryKeyConstraint(*KEY, name=op.f("pk_figure_totals")),
    )
    for event, (seen, changed) in CHANGES.items():
        name = f"total_figures_{event}"
        op.execute(FUNCTION.format(name=name, changed=changed))
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON figures REFERENCING {seen} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )
    op.execute(ADD.format(changed="figures"))


def downgrade() -> None:
    for event in reversed(CHANGES):
        op.execute(f"DROP TRIGGER total_figures_{event} ON figures")
        op.execute(f"DROP FUNCTION total_figures_{event}()")
    op.drop_table("figure_totals")
