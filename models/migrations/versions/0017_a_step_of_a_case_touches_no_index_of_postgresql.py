"""a step of a case touches no index of PostgreSQL

Each step changes the stage. With an index on it PostgreSQL wrote the changed case into all fifteen indexes anew.

Revision: 0017, after: 0016
"""

from alembic import op


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_cases_stage_opened_at", table_name="cases")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_cases_stage_opened_at", "cases", ["stage", "opened_at"])
