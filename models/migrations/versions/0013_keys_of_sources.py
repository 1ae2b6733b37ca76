"""keys of programs that raise issues for an officer, and the messages they may bring

Revision: 0013, after: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("worker_tokens", schema=None) as batch_op:
        batch_op.add_column(sa.Column("officer_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("messages", sa.JSON().with_variant(JSONB(), "postgresql"), server_default="[]", nullable=False)
        )
        batch_op.create_foreign_key(batch_op.f("fk_worker_tokens_officer_id"), "officers", ["officer_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("worker_tokens", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_worker_tokens_officer_id"), type_="foreignkey")
        batch_op.drop_column("messages")
        batch_op.drop_column("officer_id")
