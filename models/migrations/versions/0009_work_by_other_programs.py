"""work by other programs: several waits between tries, hosts one may speak to

Revision: 0009, after: 0008
"""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('service_jobs', schema=None) as batch_op:
        batch_op.alter_column('backoff', existing_type=sa.String(length=40), type_=sa.String(length=200), existing_nullable=False)
    op.create_table('allowed_hosts',
    sa.Column('host', sa.String(length=260), nullable=False),
    sa.Column('allowed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('allowed_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['allowed_by'], ['officers.id'], name=op.f('fk_allowed_hosts_allowed_by')),
    sa.PrimaryKeyConstraint('host', name=op.f('pk_allowed_hosts'))
    )


def downgrade() -> None:
    op.drop_table('allowed_hosts')
    with op.batch_alter_table('service_jobs', schema=None) as batch_op:
        batch_op.alter_column('backoff', existing_type=sa.String(length=200), type_=sa.String(length=40), existing_nullable=False)
