"""Titles and numbers of reports as they are printed. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from app.reporting.report.rules.steps import ReportKind

SERIES: Mapping[ReportKind, str] = {"initial": "初", "followup": "续", "final": "终"}
SECRECY: Mapping[str, str] = {"public": "公开", "internal": "内部"}
URGENCY: Mapping[str, str] = {"extra_urgent": "特急", "urgent": "加急", "normal": "平急"}
_NUMERALS = "零一二三四五六七八九"
_EVENTS = ("事件", "事故", "灾害", "火灾", "火险")


def numeral(n: int) -> str:
    """Return 1 to 99 in Chinese: 一, 十, 十二, 二十; above that the digits."""
    if n > 99:
        return str(n)
    tens, ones = divmod(n, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return head + (_NUMERALS[ones] if ones or not tens else "")


def kind_words(kind: str, seq: int) -> str:
    """Return 初报, 续报一, 终报, and 终报二 for what ends a reopened incident."""
    if kind == "initial":
        return "初报"
    if kind == "final":
        return "终报" if seq == 0 else f"终报{numeral(seq)}"
    return f"续报{numeral(seq)}"


def title_of(place: str, nature: str, kind: str, seq: int) -> str:
    """Return e.g. 樟川市临溪镇东岸村洪水事件初报 (domain/rules B5d, B8)."""
    name = nature if nature.endswith(_EVENTS) else f"{nature}事件"
    return f"{place}{name}{kind_words(kind, seq)}"


def number_of(prefix: str, kind: ReportKind, year: int, running: int) -> str:
    """Return e.g. 樟应信初〔2025〕3号: each kind has a series of its own in each year."""
    return f"{prefix}{SERIES[kind]}〔{year}〕{running}号"


def signer_words(signed_as: str, signed_by: str, consent_of: str, countersigned_by: str) -> str:
    """Return who signed, as it stands on the paper."""
    if signed_as == "leader":
        return signed_by
    return f"{consent_of}（口头同意，{f'{countersigned_by}补签' if countersigned_by else '待补签'}）"
