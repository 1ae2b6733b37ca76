"""a step locks no row that all share

People and units are never removed. PostgreSQL locked their rows at every step, to be sure of it.

Revision: 0018, after: 0017
"""

from alembic import op


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

KEYS = (
    ("tasks", "unit_id", "units"),
    ("tasks", "claimed_by", "officers"),
    ("tasks", "done_by", "officers"),
    ("candidates", "unit_id", "units"),
    ("candidates", "officer_id", "officers"),
    ("bars", "unit_id", "units"),
    ("bars", "officer_id", "officers"),
    ("parties", "unit_id", "units"),
    ("parties", "officer_id", "officers"),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, column, _to in KEYS:
            op.drop_constraint(f"fk_{table}_{column}", table, type_="foreignkey")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, column, to in KEYS:
            op.create_foreign_key(f"fk_{table}_{column}", table, to, [column], ["id"])
