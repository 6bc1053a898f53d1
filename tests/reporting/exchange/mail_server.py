"""A small mail server on loopback: it takes mails as RFC 5321 says, with a login if one is asked for."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any


@dataclass
class MailBox:
    """What was taken, and what the server says to a recipient."""

    port: int = 0
    login: str = ""  # user:password it wants
    tls: ssl.SSLContext | None = None  # it offers STARTTLS
    encrypted: int = 0
    to_recipient: str = "250 OK"
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logged_in: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._say(writer, "220 mail.test ready")
        try:
            while line := (await reader.readline()).decode().strip():
                if line.upper() == "DATA":
                    await self._say(writer, "354 go on")
                    self.mails.append(await self._mail(reader))
                    await self._say(writer, "250 taken")
                elif line.upper() == "STARTTLS" and self.tls is not None:
                    await self._say(writer, "220 go on")
                    await writer.start_tls(self.tls)
                    self.encrypted += 1
                elif line.upper() == "QUIT":
                    await self._say(writer, "221 bye")
                    break
                else:
                    await self._say(writer, self._answer(line))
        except OSError:
            pass  # it hung up: a certificate it does not trust
        finally:
            writer.close()

    def _answer(self, line: str) -> str:
        verb = line.split()[0].upper()
        if verb == "EHLO":
            offered = [
                *(["STARTTLS"] if self.tls else []),
                *(["AUTH PLAIN"] if self.login else []),
                "8BITMIME",
            ]
            return "\r\n".join(
                ["250-mail.test", *(f"250-{one}" for one in offered[:-1]), f"250 {offered[-1]}"]
            )
        if verb == "AUTH":
            _, user, password = base64.b64decode(line.split()[2]).decode().split("\0")
            right = f"{user}:{password}" == self.login
            self.logged_in += right
            return "235 welcome" if right else "535 no such login"
        if verb == "RCPT":
            self.recipients.append(line.split(":", 1)[1].strip("<> "))
            return self.to_recipient
        return "250 OK"

    @staticmethod
    async def _mail(reader: asyncio.StreamReader) -> EmailMessage:
        lines = []
        while (line := await reader.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        found = message_from_bytes(b"".join(lines), policy=default)
        assert isinstance(found, EmailMessage)
        return found

    @staticmethod
    async def _say(writer: asyncio.StreamWriter, words: str) -> None:
        writer.write(f"{words}\r\n".encode())
        await writer.drain()


@asynccontextmanager
async def mail_box(**told: Any) -> AsyncIterator[MailBox]:
    """Lend a mail server that listens on loopback."""
    box = MailBox(**told)
    server = await asyncio.start_server(box.serve, "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    async with server:
        yield box
