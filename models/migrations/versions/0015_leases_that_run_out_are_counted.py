"""leases of an outside job that run out are counted, and bounded

Revision: 0015, after: 0014
"""

import sqlalchemy as sa
from alembic import op


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("service_jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lost", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("leases", sa.Integer(), server_default="5", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("service_jobs", schema=None) as batch_op:
        batch_op.drop_column("leases")
        batch_op.drop_column("lost")
