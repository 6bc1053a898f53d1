"""What is refused about meetings."""

from __future__ import annotations

from app.dispatch.meeting.rules import MOST_CONNECTED
from app.refusals import Refusal

MOST_OPEN = 20


class MeetingOver(Refusal):
    """The meeting is closed."""

    code = "meeting_closed"

    def __init__(self) -> None:
        super().__init__("会商已结束,如需继续请重新发起", "the meeting is closed: open another one to go on")


class MeetingFull(Refusal):
    """As many take part as a mesh bears."""

    code = "meeting_full"

    def __init__(self) -> None:
        super().__init__(
            f"会商已满 {MOST_CONNECTED} 方,请等有人退出后再加入",
            f"{MOST_CONNECTED} take part already: come when somebody has left",
        )


class RoomNeeded(Refusal):
    """More are called than a mesh bears, and there is no LiveKit that would carry them."""

    code = "meeting_room_needed"

    def __init__(self, *, there: bool) -> None:
        """`there`: one is set, and does not answer."""
        why = "LiveKit 现在不可用" if there else "超过这个数须由管理员配置 LiveKit(ZHISHOU_LIVEKIT_URL)"
        why_en = (
            "LiveKit does not answer now"
            if there
            else "for more, LiveKit has to be set (ZHISHOU_LIVEKIT_URL)"
        )
        super().__init__(
            f"不经媒体服务器的会商最多 {MOST_CONNECTED} 方(含您),{why}。"
            f"请先呼叫最要紧的 {MOST_CONNECTED - 1} 方,其余用电话,或改用视频点名",
            f"without a media server {MOST_CONNECTED} at most meet, you among them; {why_en}. Call the "
            f"{MOST_CONNECTED - 1} that matter most, the others by telephone, or hold a roll call",
        )


class AnsweredElsewhere(Refusal):
    """Somebody else of this unit or team sits in its place."""

    code = "meeting_answered_elsewhere"

    def __init__(self, who: str) -> None:
        super().__init__(
            f"{who}已在本单位的席位上接听,请与其联系", f"{who} has answered for this place: speak with them"
        )


class TooManyMeetings(Refusal):
    """So many meetings are open that nobody could have meant them."""

    code = "too_many_meetings"

    def __init__(self) -> None:
        super().__init__(
            f"已有 {MOST_OPEN} 个会商未结束,请先结束", f"{MOST_OPEN} meetings are open: close one first"
        )
