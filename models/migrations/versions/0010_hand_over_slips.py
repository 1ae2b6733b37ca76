"""hand-over slips: by when a message is to be answered, and how it was

Revision: 0010, after: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slips",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("accepts", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("returns", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.String(length=1000), server_default="", nullable=False),
        sa.Column("answered_by", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_slips_case_id_cases")),
        sa.ForeignKeyConstraint(["id"], ["outbox.id"], name=op.f("fk_slips_id_outbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slips")),
    )
    op.create_index(op.f("ix_slips_case_id"), "slips", ["case_id"], unique=False)
    op.create_index("ix_slips_answered_at_due_at", "slips", ["answered_at", "due_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_slips_answered_at_due_at", table_name="slips")
    op.drop_index(op.f("ix_slips_case_id"), table_name="slips")
    op.drop_table("slips")
