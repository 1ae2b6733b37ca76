"""A small program that works for cases: it looks permits up. Only Python itself is needed."""

import json
import os
import time
import urllib.request
from typing import Any

BIHUAN, TOKEN = os.environ["BIHUAN_URL"], os.environ["BIHUAN_TOKEN"]
PERMITS = {"P-1": {"status": "valid", "holder": {"name": "青澜码头"}}}


def call(path: str, **told: object) -> Any:
    request = urllib.request.Request(f"{BIHUAN}/api/v1/jobs{path}", json.dumps(told).encode(), method="POST")
    request.add_header("Authorization", f"Bearer {TOKEN}")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


while True:
    jobs = call("/lease", topics=["permits.lookup"], worker="permits-1", most=10, lease_seconds=60)["jobs"]
    for job in jobs:
        permit = PERMITS.get(job["inputs"].get("number"))
        if permit is not None:
            call(f"/{job['id']}/completion", lease=job["lease"], outputs=permit)
        else:
            call(f"/{job['id']}/error", lease=job["lease"], code="unknown_permit", message="no such permit")
    time.sleep(0 if jobs else 1)
