"""django-viewflow walks the loop: the flow is written in Python, each step ends in one committed transaction.

Run in an environment of its own: `python with_viewflow.py sqlite:///FILE|postgresql://… CASES`.
Tells its figures as JSON.
"""

import json
import sqlite3
import sys
from importlib.metadata import version
from statistics import median
from time import perf_counter
from urllib.parse import urlsplit

import django
from django.conf import settings

where, cases = sys.argv[1], int(sys.argv[2])
parts = urlsplit(where)
if parts.scheme == "sqlite":
    database = {
        "ENGINE": "django.db.backends.sqlite3", "NAME": parts.path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE", "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }  # fmt: skip
else:
    database = {
        "ENGINE": "django.db.backends.postgresql", "NAME": parts.path.lstrip("/"), "USER": parts.username,
        "HOST": parts.hostname, "PORT": parts.port,
    }  # fmt: skip
settings.configure(
    INSTALLED_APPS=[
        "django.contrib.auth", "django.contrib.contenttypes", "viewflow", "viewflow.workflow", "viewflow_loop",
    ],
    DATABASES={"default": database}, USE_TZ=True, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DEBUG=False, MIDDLEWARE=[], ROOT_URLCONF=__name__,
)  # fmt: skip
django.setup()
urlpatterns: list = []

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from viewflow.workflow import STATUS  # noqa: E402
from viewflow.workflow.models import Process, Task  # noqa: E402
from viewflow_loop.flows import Loop  # noqa: E402

STEPS = ("register", "dispatch", "accept", "rectify", "review", "feedback")


def step(process_id, name, answers):
    """What the released view does when a form is posted: lock, read again, assign, start, keep the answers, execute."""
    began = perf_counter()
    with Loop.lock(process_id):
        node = getattr(Loop, name)
        task = Task.objects.select_for_update().get(process_id=process_id, flow_task=node, status=STATUS.NEW)
        activation = node.activation_class(task)
        activation.assign(USER)
        activation.start(HttpRequest())
        activation.process.data.update(answers)
        activation.process.save()
        activation.execute()
    return perf_counter() - began


def rounds(reworks):
    yield from STEPS[:3]
    for _ in range(reworks):
        yield from ("rectify", "review")
    yield from STEPS[3:]


def walk(reworks=0):
    Loop.raised.run()
    process_id = Process.objects.latest("id").id
    left, spent = reworks, []
    for name in rounds(reworks):
        answers = {f"{name}_note": "已办理，情况属实。"}
        if name == "review":
            answers["rework"], left = left > 0, left - 1
        spent.append(step(process_id, name, answers))
    assert Process.objects.get(id=process_id).status == "DONE"
    return spent


call_command("migrate", verbosity=0)
USER, _ = User.objects.get_or_create(username="clerk")
walk()
with CaptureQueriesContext(connection) as told:
    steps = len(walk())
told_per_step = len(told.captured_queries) / steps
figures = {
    "version": version("django-viewflow"),
    "ms": median(spent for _ in range(cases) for spent in walk()) * 1000,
    "ms_after_100": median(walk(100)[-6:]) * 1000,
    "sql": round(told_per_step, 1),
    "store": f"SQLite {sqlite3.sqlite_version}" if parts.scheme == "sqlite" else "PostgreSQL",
}
print(json.dumps(figures))
