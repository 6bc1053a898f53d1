"""The sign-in accounts of the demo: who may do what, and for which part of the region tree."""

from __future__ import annotations

from dataclasses import dataclass

from app.demo.muster import Team, team_key
from app.demo.people import Roll
from app.demo.places import COUNTY_CODE, COUNTY_PREFIX


@dataclass(frozen=True, slots=True)
class Account:
    """A login. `scope` is the prefix of the region codes it sees, `team_key` a responder's team."""

    username: str
    role: str
    scope: str
    person_key: str
    team_key: str = ""


_RESPONDER_TEAMS = (
    team_key("township", "990181100000"),  # 临溪镇综合应急救援队
    "fire-1",
    team_key("forest", "990181107000"),  # 观山中队
)

TOWNSHIP_DESKS = {
    "linxi": "990181100",
    "yongning": "990181101",
    "huanggang": "990181102",
    "guanshan": "990181107",
    "zhouwei": "990181201",
    "yimen": "990181108",
}
"""Townships whose duty officer has a login, with the prefix of the codes it sees."""


def accounts(roll: Roll, teams: tuple[Team, ...]) -> tuple[Account, ...]:
    """Make the accounts of the scenarios' people, six townships, three responders, two administrators."""
    by_key = {team.key: team for team in teams}
    named = (
        ("leader", "centre_leader", "周敏"),
        ("shift", "shift_lead", "刘海"),
        ("chenjie", "duty_officer", "陈洁"),
        ("wangjun", "duty_officer", "王军"),
    )
    return (
        *(Account(user, role, COUNTY_PREFIX, roll.named(name).key) for user, role, name in named),
        *(
            Account(user, "township_officer", scope, roll.holding("duty_officer", f"{scope}000").key)
            for user, scope in TOWNSHIP_DESKS.items()
        ),
        *(
            Account(f"responder{n}", "responder", by_key[key].region_code[:9], by_key[key].leader_key, key)
            for n, key in enumerate(_RESPONDER_TEAMS, start=1)
        ),
        Account("devadmin", "device_admin", COUNTY_PREFIX, roll.holding("device_admin", COUNTY_CODE).key),
        Account("auditor", "auditor", COUNTY_PREFIX, roll.holding("auditor", COUNTY_CODE).key),
    )
