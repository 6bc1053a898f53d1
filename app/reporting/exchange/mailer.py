"""Reports by mail: text, PDF and DOCX through the county's own mail server, in a thread."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, Literal

from app.reporting.exchange.rules.trouble import MOST, Trouble
from app.reporting.report.rules.words import SECRECY, URGENCY, kind_words

Security = Literal["none", "starttls", "tls"]
TYPES = {
    "pdf": ("application", "pdf"),
    "docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


@dataclass(frozen=True, slots=True)
class MailServer:
    """The county's mail server. Without a host no mail is sent; the password is not shown."""

    host: str = ""
    port: int = 25
    security: Security = "starttls"
    user: str = ""
    password: str = ""
    sender: str = ""
    wait_s: float = 30.0
    tls: ssl.SSLContext | None = None

    def __repr__(self) -> str:
        """Tell where it is and nothing of the login."""
        return f"MailServer({self.host}:{self.port})"


def mail_of(message: dict[str, Any], papers: dict[str, bytes], sender: str, to: str) -> EmailMessage:
    """Return a report as a mail; its Message-ID is the same each time it is tried."""
    report = message["report"]
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = sender, to
    mail["Subject"] = f"【{URGENCY[report['urgency']]}】{report['number']} {report['title']}"
    mail["Message-ID"] = f"<{message['id']}@{sender.partition('@')[2] or 'zhishou'}>"
    if report["urgency"] == "extra_urgent":
        mail["X-Priority"] = "1"
    mail.set_content(_text(message))
    for form, data in papers.items():
        main, sub = TYPES[form]
        name = f"{report['number']}{report['title']}.{form}"
        mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return mail


def _text(message: dict[str, Any]) -> str:
    report, sender = message["report"], message["sender"]
    call = f"收到后请回电确认：{report['contact']}" if report["contact"] else "收到后请回电确认。"
    return "\n".join(
        (
            f"{sender['name']} {kind_words(report['kind'], report['seq'])} {report['number']}",
            f"密级：{SECRECY[report['secrecy']]}　紧急程度：{URGENCY[report['urgency']]}",
            f"主送：{message['to']['name']}",
            "",
            report["title"],
            "",
            report["text"],
            "",
            f"签发：{report['signer']}　报告人：{report['author']}",
            call,
            "",
        )
    )


async def mail(server: MailServer, one: EmailMessage) -> None:
    """Hand a mail to the server: taken is not received. Raises Trouble, nothing else."""
    if not server.host:
        raise Trouble("mail_off")
    try:
        async with asyncio.timeout(server.wait_s * 2):
            await asyncio.to_thread(_hand_over, server, one)
    except (OSError, smtplib.SMTPException) as error:  # a timeout is an OSError
        raise _trouble(error) from None


def _trouble(error: Exception) -> Trouble:
    """Return what went wrong; the login is in no word of it."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return Trouble("mail_login", f"{error.smtp_code}")
        case smtplib.SMTPRecipientsRefused():
            code, said = next(iter(error.recipients.values()), (0, b""))
            return Trouble("mail_refused", f"{code} {_plain(said)}"[:MOST])
        case smtplib.SMTPResponseException():
            passes = error.smtp_code // 100 == 4
            words = f"{error.smtp_code} {_plain(error.smtp_error)}"[:MOST]
            return Trouble("mail_unreachable" if passes else "mail_refused", words)
        case smtplib.SMTPServerDisconnected():
            return Trouble("mail_unreachable")
        case smtplib.SMTPException():
            return Trouble("mail_refused", type(error).__name__)
        case ssl.SSLError():
            return Trouble("tls", error.reason or "")
        case OSError():
            return Trouble("mail_unreachable")
        case _:
            return Trouble("internal", type(error).__name__)


def _hand_over(server: MailServer, one: EmailMessage) -> None:
    context = server.tls or ssl.create_default_context()
    if server.security == "tls":
        line: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=server.wait_s, context=context
        )
    else:
        line = smtplib.SMTP(server.host, server.port, timeout=server.wait_s)
    with line:
        if server.security == "starttls":
            line.starttls(context=context)
        if server.user:
            line.login(server.user, server.password)
        line.send_message(one)


def _plain(said: bytes | str) -> str:
    words = said.decode("utf-8", errors="replace") if isinstance(said, bytes) else said
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())
