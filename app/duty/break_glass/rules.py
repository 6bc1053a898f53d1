"""The code on the sealed sheet, and what the sheet says."""

from __future__ import annotations

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is taken for another on paper
BYTES = 25  # one letter each: 125 bits, which nobody guesses
_GROUP = 5


def code_of(random: bytes) -> str:
    """Return the code as it is printed: five groups of five letters."""
    letters = "".join(LETTERS[byte % len(LETTERS)] for byte in random)
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def hashed(told: str) -> str:
    """Return what is kept of a code, however it was typed: with or without hyphens, in small letters."""
    plain = "".join(char for char in told.upper() if char in LETTERS)
    return hashlib.sha256(f"break-glass:{plain}".encode()).hexdigest()


def sheet(centre: str, code: str, sealed_at: datetime, hours: int, zone: ZoneInfo) -> str:
    """Return the sheet for the envelope: what it is for, how, what happens, who signs."""
    rule = "=" * 64
    return f"""{rule}
  {centre}
  值守 · 应急账号(密封件)/ Zhishou: sealed emergency login
{rule}

  密封时间 sealed  {sealed_at.astimezone(zone):%Y-%m-%d %H:%M}

  应急码 code

      {code}

  何时用:所有人都无法登录时(如二次验证全部丢失)。
  怎么用:登录页 → 应急登录 → 输入应急码、姓名、事由。
  后  果:所有值班台告警,通知带班领导,全程留痕;{hours} 小时后自动退出。
  用  后:应急码当即作废,须运行 zhishou break-glass seal 重新密封。

  Use it when nobody can log in. Login page, "Emergency login": code,
  name, reason. Every desk is alarmed, the leaders are told, all of it
  is kept; it ends after {hours} h. The code holds once: seal a new one.

  密封人 sealed by ____________   监封人 witness ____________

  拆封人 opened by ____________   时间 at        ____________
{rule}
"""
