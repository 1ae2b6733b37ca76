"""messages that programs outside brought are kept, though no case sent them

Revision: 0016, after: 0015
"""

import sqlalchemy as sa
from alembic import op


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("token_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("officer_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("content", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("salt", sa.String(length=32), nullable=True))
        batch_op.alter_column("case_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_foreign_key(batch_op.f("fk_outbox_token_id"), "worker_tokens", ["token_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_outbox_officer_id"), "officers", ["officer_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_outbox_unit_id"), "units", ["unit_id"], ["id"])
    op.create_index(
        "ix_outbox_token_id",
        "outbox",
        ["token_id"],
        unique=False,
        sqlite_where=sa.text("token_id IS NOT NULL"),
        postgresql_where=sa.text("token_id IS NOT NULL"),
    )


def downgrade() -> None:
    # No earlier step can hold what no case sent.
    op.execute("DELETE FROM outbox WHERE case_id IS NULL")
    op.drop_index("ix_outbox_token_id", table_name="outbox")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_outbox_unit_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_outbox_officer_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_outbox_token_id"), type_="foreignkey")
        batch_op.alter_column("case_id", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column("salt")
        batch_op.drop_column("content")
        batch_op.drop_column("unit_id")
        batch_op.drop_column("officer_id")
        batch_op.drop_column("token_id")
