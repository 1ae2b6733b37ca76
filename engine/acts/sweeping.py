"""What nobody needs any longer is swept away."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete
from sqlalchemy.orm import Session

from models import Submission

# Nobody sends a form again after so long.
KEPT = timedelta(days=3)


def sweep_submissions(session: Session, *, at: datetime) -> int:
    """Forgets the forms that were sent long ago; how many."""
    gone = session.connection().execute(delete(Submission).where(Submission.at < at - KEPT))
    assert isinstance(gone, CursorResult)
    return gone.rowcount
