"""What was deleted is not to be read in the file of the database either."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import delete, insert

from models import Base, Counter
from models.for_good import rewrite
from models.session import open_database, sessions


def _holds(folder: Path, word: str) -> bool:
    return any(word.encode() in file.read_bytes() for file in folder.iterdir())


def test_a_file_written_anew_holds_nothing_of_what_was_deleted(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/bihuan.db")
    opened = sessions(database)
    Base.metadata.create_all(database)
    for turn in range(40):
        with opened() as session, session.begin():
            session.execute(insert(Counter), [{"name": f"13912345678 {turn} {n}", "value": n} for n in range(20)])
            session.execute(insert(Counter), [{"name": f"stays {turn} {n}", "value": n} for n in range(20)])
    with opened() as session, session.begin():
        session.execute(delete(Counter).where(Counter.name.startswith("139")))
    assert _holds(tmp_path, "13912345678")
    rewrite(opened)
    assert not _holds(tmp_path, "13912345678")
    assert _holds(tmp_path, "stays 39 19")


def test_while_somebody_reads_it_is_left_for_another_time(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/bihuan.db", busy_seconds=0.1)
    opened = sessions(database)
    Base.metadata.create_all(database)
    with opened() as session:
        session.connection(execution_options={"read_only": True}).exec_driver_sql("SELECT count(*) FROM counters")
        rewrite(opened)
    rewrite(opened)
    assert (tmp_path / "bihuan.db").stat().st_size
