"""What the stationing of teams says in the duty log."""

from __future__ import annotations

from app.desk.log.rules.said import Body, Said

MAINTENANCE = ("maintenance.begun", "maintenance.ended")
STATIONED = ("team.stationed", "team.returned_home")


def stationed(type_: str, body: Body) -> Said:
    """Return the words of a team that was stationed away from home or came back."""
    one = body["deployment"]
    team, place = one["team_name"], one["place"]
    if type_ == "team.returned_home":
        return Said(f"{team} 从{place}归建", f"{team} came back from {place}", ("rescue",), "系统")
    word, en = ("补位", "moved up to") if one["kind"] == "move_up" else ("靠前驻防", "stationed at")
    return Said(f"{team} {word}{place}", f"{team} {en} {place}", ("rescue",), "系统", one["reason"])


def maintenance(type_: str, body: Body) -> Said:
    """Return the words of a channel or a team that went into maintenance or came back."""
    one = body["maintenance"]
    what = one["team_name"] or one["channel"]
    if type_ == "maintenance.ended":
        return Said(
            f"{what} 检修结束", f"{what} is back from maintenance", ("rescue",), one["ended_by"] or "系统"
        )
    return Said(f"{what} 检修", f"{what} in maintenance", ("rescue",), one["begun_by"], one["reason"])


HANDOFF = ("handoff.sent", "handoff.received")
_HANDOFF_KINDS = {"notify": ("通报", "told"), "hand_off": ("移交", "handed off to")}


def handoff_of(one: Body) -> str:
    """Return a cross-border notice in a timeline: to whom, what, who received it."""
    receipt = one["receipt"]
    return " · ".join(
        (
            f"{_HANDOFF_KINDS[one['kind']][0]} {one['name']} {one['phone']}",
            f"{receipt['received_by']}签收" if receipt else one["text"],
        )
    )


def handoff(type_: str, body: Body) -> Said:
    """Return the words of a notice that went to a neighbour, or was received there."""
    one, receipt = body["handoff"], body["receipt"]
    zh, en = _HANDOFF_KINDS[one["kind"]]
    number, name = one["incident_number"], one["name"]
    if type_ == "handoff.received":
        who = receipt["received_by"]
        source = receipt["voucher"] or who
        return Said(
            f"{number} 跨区{zh}{name},{who}签收",
            f"{number} {en} {name}: received by {who}",
            ("government", "rescue"),
            source,
        )
    return Said(
        f"{number} 跨区{zh}{name}:{one['text']}",
        f"{number} {en} {name}: {one['text']}",
        ("government", "rescue"),
        "值班室",
    )


OUTSIDE = {
    "outside_team.announced": ("将到", "is coming"),
    "outside_team.arrived": ("到达", "arrived"),
    "outside_team.released": ("归建", "was released home"),
    "outside_team.cancelled": ("取消", "does not come"),
}


def outside_of(one: Body) -> str:
    """Return a team from outside in a timeline: from where, how many, led by whom."""
    people = one["people"] or one["strength"]
    words = f" · {one['words']}" if one["words"] else ""
    return f"{one['origin']} {one['name']} {people}人 · {one['leader_name']}{words}"


def outside(type_: str, body: Body) -> Said:
    """Return the words of a team of others that comes, is here or goes."""
    one, (zh, en) = body["outside"], OUTSIDE[type_]
    people = one["people"] or one["strength"]
    return Said(
        f"外援 {one['origin']}{one['name']} {people}人{zh}",
        f"help from {one['origin']}: {one['name']}, {people} persons, {en}",
        ("rescue",),
        one["leader_name"],
        one["words"],
    )
