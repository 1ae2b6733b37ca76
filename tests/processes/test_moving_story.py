"""Running issues go on by a changed issue loop: each reason refuses one, the others move, and all come back."""

from __future__ import annotations

from collections import Counter

from sqlalchemy.orm import Session, sessionmaker

from tests.cast import Cast
from tests.processes.moving_story import REASONS, Teller

SEVERAL = 40


def test_issues_move_each_reason_refuses_one_and_all_come_back(
    issue_loop: Cast, sessions: sessionmaker[Session]
) -> None:
    teller = Teller(sessions, issue_loop)
    told = teller.tell(SEVERAL)
    refused = Counter(dict.fromkeys(REASONS, 1))
    # Before its turn comes the one that ends can still move.
    assert told.trial == refused - Counter(["ended"]) + Counter({"moves": SEVERAL - len(REASONS) + 1})
    assert told.without_table == Counter({"table": SEVERAL - 1, "stuck": 1})
    assert told.moved == refused + Counter({"moved": SEVERAL - len(REASONS)})
    assert told.undone == refused + Counter({"back": SEVERAL - len(REASONS)})
    teller.sound()
