"""Facts of work that other programs do for a case: jobs made, answered, failed, tried again, withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.words.fixed import fixed


@fixed
class JobMade:
    """A service task waits for a worker. `inputs` is what the worker is given; `retries`: further tries after the
    first; `backoff`: the waits between them, as the diagram says; `leases`: so many leases in a row may run out, then
    it counts as failed for good."""

    job: str
    element: str
    token: str
    topic: str
    inputs: dict[str, Any]
    retries: int
    backoff: str
    leases: int = 5


@fixed
class JobAnswered:
    """The job is over. `kind`: done · error (a BPMN error with this code) · failed (after the last try, where an event
    on the border takes that) · skipped (passed over by hand). `values`: what became fields of the case; `lease`: under
    which lease it was answered."""

    job: str
    element: str
    kind: str
    worker: str
    code: str
    message: str
    values: dict[str, Any]
    lease: str


@fixed
class JobFailed:
    """A try came to nothing. `retries`: tries left; `due`: when it may be taken again, None after the last."""

    job: str
    element: str
    worker: str
    message: str
    retries: int
    due: datetime | None


@fixed
class JobRetried:
    """After the last try it is worth trying again: so many tries, and perhaps other inputs."""

    job: str
    element: str
    retries: int
    inputs: dict[str, Any]


@fixed
class JobDropped:
    """The diagram no longer waits for this work."""

    job: str
    element: str


@fixed
class JobRedrawn:
    """The case goes on by a version that draws the job otherwise; only what changed is named."""

    job: str
    element: str
    before: dict[str, Any]
    after: dict[str, Any]
