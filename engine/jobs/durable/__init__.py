"""Long jobs go on where they stopped, and what is due by the calendar happens once however many workers there are.

This is the only room that knows DBOS. It keeps its own tables (on SQLite a file of its own beside the database, on
PostgreSQL the schema `dbos`): which part of which job is done. Everything an officer sees lies in our own rows.

On PostgreSQL each worker holds a lock named after itself for as long as it lives. Whoever can take the lock of another
knows that one is dead, and takes over its jobs. A worker that has lost its own lock may be taken for dead, so it exits.
"""

from engine.jobs import exports
from engine.jobs.durable.executor import EXIT_LOST_LOCK, Durable, address, prepare, running

__all__ = ["EXIT_LOST_LOCK", "Durable", "address", "exports", "prepare", "running"]
