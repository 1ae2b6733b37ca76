"""One mail of a case, handed to the mail server that the machine is set up with."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote, urlsplit

from engine.jobs.connectors.outcome import Failed

SECONDS = 30.0
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Server:
    """`scheme`: smtp · smtp+starttls · smtps. `sender`: the address all mails are from."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    sender: str


class NoServer(ValueError):
    """The setting cannot be read."""


def server_of(address: str, sender: str) -> Server | None:
    """`smtp+starttls://user:password@host:587`, and who mails are from; None when nothing is set. Raises `NoServer`."""
    if not address:
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise NoServer(f"BIHUAN_SMTP: {error}") from error
    if parts.scheme not in _PORTS or not parts.hostname:
        raise NoServer("BIHUAN_SMTP is smtp://, smtp+starttls:// or smtps:// with user, password, host and port")
    if "@" not in sender:
        raise NoServer("BIHUAN_MAIL_FROM is the address that mails are from")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], user, password, sender)


def send(inputs: Mapping[str, Any], key: str, server: Server | None) -> dict[str, Any]:
    """{"message_id"}: the same at each try. Raises `Failed`."""
    if server is None:
        raise Failed(
            "没有设置邮件服务器，请系统管理员设置 BIHUAN_SMTP 和 BIHUAN_MAIL_FROM。"
            "No mail server is set; an administrator sets BIHUAN_SMTP and BIHUAN_MAIL_FROM.",
            for_good=True,
        )
    letter = _letter(inputs, key, server)
    try:
        with _opened(server) as post:
            post.send_message(letter)
    except smtplib.SMTPRecipientsRefused as error:
        refused = ", ".join(error.recipients)
        final = all(code >= 500 for code, _told in error.recipients.values())
        raise Failed(f"收件人被拒绝 Recipients refused: {refused}", for_good=final) from error
    except smtplib.SMTPResponseException as error:
        told = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        raise Failed(f"邮件服务器答复 The mail server said {error.smtp_code}: {told}") from error
    except (smtplib.SMTPException, OSError) as error:
        raise Failed(f"邮件没有发出 The mail was not sent: {type(error).__name__}: {error}") from error
    return {"message_id": letter["Message-ID"]}


def _opened(server: Server) -> smtplib.SMTP:
    if server.scheme == "smtps":
        post: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=SECONDS, context=ssl.create_default_context()
        )
    else:
        post = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        if server.scheme == "smtp+starttls":
            post.starttls(context=ssl.create_default_context())
        if server.user:
            post.login(server.user, server.password)
    except BaseException:
        post.close()
        raise
    return post


def _letter(inputs: Mapping[str, Any], key: str, server: Server) -> EmailMessage:
    letter = EmailMessage()
    try:
        letter["From"] = server.sender
        letter["To"] = _addresses(inputs.get("to"), "to")
        if inputs.get("cc"):
            letter["Cc"] = _addresses(inputs["cc"], "cc")
        letter["Subject"] = str(inputs.get("subject") or "")
        letter["Message-ID"] = f"<{key}@{server.sender.rpartition('@')[2].rstrip('>')}>"
        letter["X-Idempotency-Key"] = key
        letter.set_content(str(inputs.get("text") or ""))
    except (ValueError, MessageError) as error:
        raise Failed(f"邮件写不成 The mail cannot be written: {error}", for_good=True) from error
    return letter


def _addresses(told: Any, name: str) -> tuple[Address, ...]:
    texts = [str(one).strip() for one in (told if isinstance(told, list) else str(told or "").split(","))]
    texts = [text for text in texts if text]
    if not texts or any("@" not in text for text in texts):
        raise Failed(f"{name} 须是邮件地址 {name} must be mail addresses: {', '.join(texts)[:200]}", for_good=True)
    return tuple(Address(addr_spec=text) for text in texts)
