"""large values of a case, each kept once

Revision: 0008, after: 0007
"""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_values",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_kept_values_case_id")),
        sa.PrimaryKeyConstraint("case_id", "digest", name=op.f("pk_kept_values")),
    )


def downgrade() -> None:
    op.drop_table("kept_values")
