"""What may go to whom: a drill never sounds as the real thing, and a stop goes where the alert went. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from app.codecs.ebm.message import SEVERITY_ORDER, MsgType

CAP_ACTUAL = "Actual"


class NotSent(Exception):
    """Why a message may not go to a peer; says so in both languages."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.code, self.zh, self.en = code, zh, en


def msg_type_of(status: str, *, cancels: bool, level: str = "terminal") -> MsgType:
    """Return the MsgType of a message by its status in CAP or 12379; `level` platform | front_end | terminal.

    Whatever is not Actual is a drill, words unknown to us too: silence is mended, a false alarm is not. A
    drill is stopped by a cancel like the real thing.
    """
    if cancels:
        return MsgType.CANCEL
    if status == CAP_ACTUAL:
        return MsgType.BROADCAST
    drills = {"platform": MsgType.DRILL_PLATFORM, "front_end": MsgType.DRILL_FRONT_END}
    return drills.get(level, MsgType.DRILL_TERMINAL)


def check(msg_type: int, *, drill: bool, for_drills: bool, told_by_peer: bool = False) -> None:
    """Raise NotSent when a message of this type may not go to a peer.

    `drill`: the message is one in our books, `for_drills`: the peer takes drills, `told_by_peer`: it came
    from another platform and nobody here has decided to pass it on.
    """
    if told_by_peer:
        raise NotSent(
            "RELAY",
            "其他平台的消息不自动转发,须由人决定",
            "another platform's message is never passed on by itself",
        )
    if msg_type not in [int(one) for one in MsgType]:
        raise NotSent("MSG_TYPE", f"没有消息类型 {msg_type}", f"there is no MsgType {msg_type}")
    if drill and msg_type == MsgType.BROADCAST:
        raise NotSent(
            "DRILL_AS_REAL", "演练消息不得以实际播发发出", "a drill may not be sent as an actual broadcast"
        )
    if not drill and MsgType(msg_type).is_drill:
        raise NotSent(
            "REAL_AS_DRILL", "实际播发的消息不得标为演练", "an actual broadcast may not be sent as a drill"
        )
    if drill and not for_drills:
        raise NotSent(
            "PEER_NOT_FOR_DRILLS",
            "该平台未登记为可接收演练,未发送",
            "this peer is not registered for drills: not sent",
        )


def most_severe_first(severities: Iterable[int]) -> list[int]:
    """Sort severities, the highest first: 1 red … 4 blue, then 0, which is the lowest and not the highest."""
    rank = {severity: at for at, severity in enumerate(SEVERITY_ORDER)}
    return sorted(severities, key=lambda severity: rank.get(severity, len(rank)))


def cancel_targets(told: Iterable[tuple[int, str, str]]) -> list[int]:
    """Return the peers that a cancel goes to: those that may have the alert.

    `told` are (peer, state of the handing over, trouble) of the alert. Who refused it never had it; who gave
    no receipt may have it all the same, and a stop too many harms nobody.
    """
    return sorted({peer for peer, state, _ in told if state not in ("refused", "never_tried")})
