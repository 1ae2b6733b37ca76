"""a step changes fewer indexes: they hold only what is looked for by them

The chain cannot fork by `book, seq` alone: two entries that follow the same one have the same number.

Revision: 0014, after: 0013
"""

import sqlalchemy as sa
from alembic import op


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

_RARE = (
    "kind NOT IN ('CaseDueChanged', 'ClockStarted', 'ClockStopped', 'DecisionMade', 'NoticeSent', 'PartyJoined', "
    "'StageChanged', 'TaskCompleted', 'TaskOpened', 'TimerDropped', 'TimerSet', 'TokensMoved', 'VariablesChanged')"
)
# name, table, columns, the rows it holds; and the whole index there was before, by name and columns
_NEW = (
    ("ix_entries_rare_kind", "entries", ["kind", "id"], _RARE),
    ("ix_tasks_open_due_at", "tasks", ["due_at"], "done_at IS NULL"),
    ("ix_tasks_claimed_by", "tasks", ["claimed_by"], "claimed_by IS NOT NULL"),
    ("ix_tasks_done_by_done_at", "tasks", ["done_by", "done_at"], "done_by IS NOT NULL"),
    ("ix_candidates_role_unit_id", "candidates", ["role", "unit_id"], "role IS NOT NULL"),
    ("ix_candidates_officer_id", "candidates", ["officer_id"], "officer_id IS NOT NULL"),
    ("ix_parties_unit_id_case_id", "parties", ["unit_id", "case_id"], "unit_id IS NOT NULL"),
    ("ix_parties_officer_id_case_id", "parties", ["officer_id", "case_id"], "officer_id IS NOT NULL"),
    ("ix_parties_hidden", "parties", ["case_id", "unit_id"], "part = 'hidden'"),
)
_OLD = (
    ("ix_entries_kind_at", "entries", ["kind", "at"]),
    ("ix_tasks_done_at_due_at", "tasks", ["done_at", "due_at"]),
    ("ix_tasks_unit_id", "tasks", ["unit_id"]),
    ("ix_tasks_claimed_by", "tasks", ["claimed_by"]),
    ("ix_tasks_done_by", "tasks", ["done_by"]),
    ("ix_candidates_role_unit_id", "candidates", ["role", "unit_id"]),
    ("ix_candidates_officer_id", "candidates", ["officer_id"]),
    ("ix_parties_unit_id_case_id", "parties", ["unit_id", "case_id"]),
    ("ix_parties_officer_id_case_id", "parties", ["officer_id", "case_id"]),
)


def upgrade() -> None:
    for name, table, _ in _OLD:
        op.drop_index(name, table_name=table)
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.drop_constraint("uq_entries_book_previous", type_="unique")
    for name, table, columns, where in _NEW:
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    for name, table, _, _ in _NEW:
        op.drop_index(name, table_name=table)
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.create_unique_constraint("uq_entries_book_previous", ["book", "previous"])
    for name, table, columns in _OLD:
        op.create_index(name, table, columns)
