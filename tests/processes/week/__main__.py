"""`python -m tests.processes.week [--issues 500] [--days 7] [--seed N]`: the week, told as a table of numbers."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import func, select

from models import Case, Entry, Officer, OutgoingMessage, Process, Task, Unit
from tests.processes.week import count
from tests.processes.week.city import Week


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--issues", type=int, default=500)
    asked.add_argument("--days", type=int, default=7)
    asked.add_argument("--seed", type=int, default=20261116)
    asked.add_argument("--home", type=Path, help="keep the database here")
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="bihuan-week-") as folder:
        home = wanted.home or Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        week = Week(home, issues=wanted.issues, days=wanted.days, seed=wanted.seed)
        return tell(week)


def tell(week: Week) -> int:
    """Lets it pass and prints the numbers; 1 when a rule does not hold or a page says another number."""
    began = time.monotonic()
    week.settle()
    week.pass_by()
    passed = time.monotonic() - began
    broken, pages = count.broken(week), count.pages(week)
    with week.sessions() as session:

        def many(table: type, *where: object) -> int:
            return session.scalar(select(func.count()).select_from(table).where(*where)) or 0  # type: ignore[arg-type]

        rows = [
            ("units", many(Unit)), ("officers", many(Officer)), ("processes", many(Process)),
            ("cases", many(Case)), ("issues", many(Case, Case.process_id == "issue_loop")),
            ("cases over", many(Case, Case.ended_at.is_not(None))),
            ("issues closed", many(Case, Case.process_id == "issue_loop", Case.closed_at.is_not(None))),
            ("tasks done", many(Task, Task.outcome == "completed")), ("facts", many(Entry)),
            ("messages sent", many(OutgoingMessage, OutgoingMessage.kind == "message")),
            ("messages received", many(OutgoingMessage, OutgoingMessage.delivered_at.is_not(None))),
        ]  # fmt: skip
    for name, number in [*rows, *sorted(week.done.items())]:
        print(f"{number:>8}  {name}")
    for day, begun in count.rhythm(week).items():
        print(f"          {day} by the clock: {dict(begun)}")
    print("\nrefused, and done otherwise or left:")
    for why, number in week.refused.most_common(30):
        print(f"{number:>8}  {why}")
    print("\non the pages · by the facts")
    for name, shown, told in pages:
        print(f"{shown:>8} {told:>8}  {name}{'' if shown == told else '   <-- not the same'}")
    for sentence in broken:
        print(f"broken: {sentence}")
    unlike = sum(shown != told for _, shown, told in pages)
    print(f"\n{len(broken)} rules broken, {unlike} of {len(pages)} numbers unlike")
    print(f"the week passed in {passed:.0f} s; with the counting {time.monotonic() - began:.0f} s")
    return 1 if broken or unlike else 0


if __name__ == "__main__":
    sys.exit(main())
