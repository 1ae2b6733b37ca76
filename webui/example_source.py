"""A device raises an issue: one photo, one case, and where it stands. Standard library only.

BIHUAN_URL=http://127.0.0.1:8000 BIHUAN_TOKEN=bihuan_… python example_source.py photo.jpg
"""

from __future__ import annotations

import json
import os
import sys
import urllib.request
import uuid
from pathlib import Path
from typing import Any

DOOR, TOKEN = os.environ["BIHUAN_URL"] + "/api/v1", os.environ["BIHUAN_TOKEN"]


def call(path: str, body: bytes | None = None, kind: str = "application/json", key: str = "") -> Any:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": kind}
    if key:
        headers["Idempotency-Key"] = key
    with urllib.request.urlopen(urllib.request.Request(DOOR + path, body, headers)) as answer:
        return json.load(answer)


def upload(photo: Path) -> str:
    """The reference by which a photo field names this file."""
    edge = uuid.uuid4().hex
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{photo.name}"\r\n\r\n'
    body = head.encode() + photo.read_bytes() + f"\r\n--{edge}--\r\n".encode()
    reference: str = call("/evidence", body, f"multipart/form-data; boundary={edge}")["reference"]
    return reference


def raise_issue(photo: Path, key: str) -> Any:
    """`key`: the device's own number of this finding. Sent again with the same key, it is still one case."""
    variables = {
        "title": "码头卡口无人值守", "description": "摄像头十分钟未见值守人员。", "category": "checkpoint",
        "place": "码头社区", "source": "video", "severity": "minor", "photos_before": [upload(photo)],
    }  # fmt: skip
    sent = {"definition": "issue_loop", "variables": variables}
    return call("/cases", json.dumps(sent).encode(), key=key)


if __name__ == "__main__":
    raised = raise_issue(Path(sys.argv[1]), "camera-7-20260310-0901")
    print(raised["case"], call(f"/cases/{raised['case']}")["stage"])
