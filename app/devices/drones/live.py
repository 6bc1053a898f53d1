"""Asking a dock to send its drone's picture: what is asked, what came of it, and who can ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

Verb = Literal["live_start_push", "live_stop_push"]
Outcome = Literal["done", "refused", "no_answer", "not_sent"]
ANSWER_WITHIN_S = 10.0
RTMP, ADAPTIVE = 1, 0  # url_type and video_quality (20.dock/10.dock2/30.live.md)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a request. `code` is DJI's own number where the dock refused."""

    outcome: Outcome
    code: int | None = None


class LiveLink(Protocol):
    """Who can pass a request on to a dock and wait for its answer."""

    async def ask(self, gateway: str, verb: Verb, data: dict[str, Any]) -> Answer:
        """Ask, and wait no longer than ANSWER_WITHIN_S. Never raises for what the dock does."""
        ...


def request_of(verb: Verb, video_id: str, url: str) -> dict[str, Any]:
    """Return the data of a request."""
    if verb == "live_stop_push":
        return {"video_id": video_id}
    return {"url_type": RTMP, "url": url, "video_id": video_id, "video_quality": ADAPTIVE}


WORDS: dict[Outcome, tuple[str, str]] = {
    "done": ("已执行", "done"),
    "refused": ("机场拒绝", "the dock refused"),
    "no_answer": (
        f"机场 {ANSWER_WITHIN_S:.0f} 秒内未应答,请检查机场网络后重试",
        f"the dock did not answer within {ANSWER_WITHIN_S:.0f} s: check its network and try again",
    ),
    "not_sent": (
        "指令未送达:消息服务器未连接或机场不在线",
        "not sent: the broker is not connected, or the dock is not there",
    ),
}


def words_of(answer: Answer) -> tuple[str, str]:
    """Say what became of a request, in both languages."""
    zh, en = WORDS[answer.outcome]
    return (zh, en) if answer.code is None else (f"{zh}(错误码 {answer.code})", f"{en} (code {answer.code})")
