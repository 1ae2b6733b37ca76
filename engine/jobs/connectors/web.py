"""One web request of a case: only to hosts the administrator allows, never redirected, never waited for without end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import orjson
import urllib3

from engine.jobs.connectors.outcome import Failed

LONGEST = 60.0  # seconds, however slowly the other side speaks
LARGEST = 1024 * 1024
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"})
# Not now, perhaps later.
_LATER = frozenset({408, 425, 429, *range(500, 600)})
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "idempotency-key"})
_POOL = urllib3.PoolManager(num_pools=20, maxsize=2, retries=False)


def ask(inputs: Mapping[str, Any], key: str, allowed: frozenset[str]) -> dict[str, Any]:
    """{"status", "headers", "body"}. Raises `Failed`."""
    method, url = str(inputs.get("method") or "GET").upper(), str(inputs.get("url") or "")
    if method not in METHODS:
        raise Failed(f"没有这种请求方法 There is no method {method[:20]}", for_good=True)
    _refuse_strangers(url, allowed)
    headers, body = _sent(inputs)
    seconds = _seconds(inputs.get("timeout"))
    until = monotonic() + seconds
    try:
        answer = _POOL.request(
            method, url, headers={**headers, "Idempotency-Key": key, "User-Agent": "bihuan"}, body=body,
            timeout=urllib3.Timeout(total=seconds), redirect=False, preload_content=False, decode_content=True,
        )  # fmt: skip
        try:
            content = _read(answer, until)
        finally:
            answer.close()
    except urllib3.exceptions.HTTPError as error:
        raise Failed(f"没有得到答复 No answer: {type(error).__name__}: {str(error)[:300]}") from error
    if answer.status in _LATER:
        wait = answer.headers.get("Retry-After", "")
        after = timedelta(seconds=min(int(wait), 86_400)) if wait.isascii() and wait.isdecimal() else None
        told = content[:200].decode("utf-8", "replace")
        raise Failed(f"对方答复 The answer was {answer.status}: {told}", after=after)
    told_headers = {name.lower(): value for name, value in answer.headers.items()}
    return {"status": answer.status, "headers": told_headers, "body": _legible(content, told_headers)}


def _refuse_strangers(url: str, allowed: frozenset[str]) -> None:
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise Failed(f"网址有误 That is no address: {url[:200]}", for_good=True) from error
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None or re.search(r"[\s\\]", url):
        raise Failed(f"网址有误（须是 http 或 https）That is no web address: {url[:200]}", for_good=True)
    usual = {"http": 80, "https": 443}[parts.scheme]
    names = {f"{host}:{port or usual}"} | ({host} if port in {None, usual} else set())
    if not names & allowed:
        shown = host if port in {None, usual} else f"{host}:{port}"
        raise Failed(
            f"主机 {shown} 不在允许之列，请系统管理员在“运行 → 外部程序”里添加。"
            f"The host {shown} is not allowed; an administrator adds it under Operations → Programs outside.",
            for_good=True,
        )


def _sent(inputs: Mapping[str, Any]) -> tuple[dict[str, str], bytes | None]:
    given = inputs.get("headers") or {}
    if not isinstance(given, Mapping):
        raise Failed("headers 须是上下文 headers must be a context", for_good=True)
    headers: dict[str, str] = {}
    for name, value in given.items():
        text = str(value)
        if not _TOKEN.fullmatch(name) or name.lower() in _OURS or re.search(r"[\r\n\0]", text):
            raise Failed(f"不能设置的请求头 This header cannot be set: {name[:60]}", for_good=True)
        headers[name] = text
    body = inputs.get("body")
    if body is None:
        return headers, None
    if isinstance(body, str):
        return headers, body.encode()
    if not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = "application/json"
    return headers, orjson.dumps(body)


def _seconds(told: Any) -> float:
    try:
        seconds = float(told) if told not in (None, "") else 10.0
    except (TypeError, ValueError):
        seconds = -1.0
    if not 0 < seconds <= LONGEST:
        raise Failed(f"timeout 须是 {LONGEST:.0f} 秒以内 timeout is at most {LONGEST:.0f} seconds", for_good=True)
    return seconds


def _read(answer: urllib3.BaseHTTPResponse, until: float) -> bytes:
    """At most a megabyte, and not longer than was said, however slowly it comes."""
    found = bytearray()
    for part in answer.stream(65_536):
        found += part
        if len(found) > LARGEST:
            raise Failed("答复超过 1 MB The answer is larger than 1 MB", for_good=True)
        if monotonic() > until:
            raise Failed("答复没有及时传完 The answer did not end in time")
    return bytes(found)


def _legible(content: bytes, headers: Mapping[str, str]) -> Any:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if content and (kind == "application/json" or kind.endswith("+json")):
        try:
            return orjson.loads(content)
        except orjson.JSONDecodeError as error:
            raise Failed(f"答复不是所说的 JSON The answer is not the JSON it says it is: {error}") from error
    return content.decode("utf-8", "replace").replace("\0", "")
