"""Every event of the forces, in one evening."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from app.db import Tx
from app.dispatch.actions import incidents
from app.dispatch.commands import IncidentIn
from app.dispatch.forces.actions import calls, equipment, experts, imports, teams
from app.dispatch.forces.commands import (
    EquipmentIn,
    EquipmentPut,
    ExpertCallIn,
    ExpertIn,
    ExpertPut,
    ForceTeamIn,
    ForceTeamPut,
    ReadinessIn,
)
from app.dispatch.outside_help import actions as outside_help
from app.dispatch.outside_help.commands import OutsideStepIn, OutsideTeamIn
from app.dispatch.recommendation import actions
from app.dispatch.recommendation.commands import DeployIn, PartnerIn
from app.dispatch.video import actions as cameras
from app.dispatch.video.commands import CameraIn, CameraPositionIn, CameraPut
from app.org.rules.access import Viewer
from tests.dispatch.forces.pieces import sheet_of
from tests.world import EAST, LAKE, OPEN_KIND, WEST, ZONE

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


async def camera_evening(do: Do, keeper: Viewer, officer: Viewer, now: datetime) -> None:
    """Enter a camera, write it anew, hear that it was carried elsewhere, retire it."""
    told: dict[str, Any] = {
        "kind": "backpack",
        "name_zh": "一号背包",
        "region_code": EAST,
        "lon": 118.2,
        "lat": 28.5,
        "stream_path": "backpack/b1",
    }
    camera = await do(lambda tx: cameras.register(tx, keeper, CameraIn(**told), now))
    put = CameraPut(**{**told, "region_code": WEST}, source_url="rtsp://u:p@10.1.2.3/1", revision=1)
    await do(lambda tx: cameras.amend(tx, keeper, camera.id, put, now))
    place = CameraPositionIn(lon=118.1, lat=28.4, revision=2)
    await do(lambda tx: cameras.move(tx, officer, camera.id, place, now))
    await do(lambda tx: cameras.retire(tx, keeper, camera.id, 3, now))


async def forces_evening(do: Do, officer: Viewer, leader: Viewer, now: datetime) -> None:
    """Station a team and call it back; enter, amend and retire a partner, a team, a piece, an expert."""
    station = DeployIn(region_code=EAST, reason="值守")
    await do(lambda tx: actions.deploy(tx, officer, LAKE, station, now))
    await do(lambda tx: actions.call_back(tx, officer, LAKE, now))
    partner = PartnerIn(kind="neighbour", name_zh="邻县", phone="0798-12350")
    made = await do(lambda tx: actions.register_partner(tx, leader, partner, now))
    await do(lambda tx: actions.amend_partner(tx, leader, made.id, partner, now))
    await do(lambda tx: actions.retire_partner(tx, leader, made.id, now))
    await _teams(do, leader, now)
    await _equipment(do, leader, now)
    await _experts(do, leader, now)
    await _outside(do, leader, now)


async def _teams(do: Do, leader: Viewer, now: datetime) -> None:
    """Enter a team, move it to another township, take it off the desk and retire it."""
    told: dict[str, Any] = {"name_zh": "东镇民兵连", "kind": "militia", "region_code": EAST, "strength": 20}
    team = await do(lambda tx: teams.register(tx, leader, ForceTeamIn(**told), now, {}))
    moved = ForceTeamPut(**{**told, "region_code": WEST}, leader_id=2, revision=1)
    await do(lambda tx: teams.amend(tx, leader, team.id, moved, now, {}))
    counted = ForceTeamPut(**{**told, "region_code": WEST}, dispatchable=False, revision=2)
    await do(lambda tx: teams.amend(tx, leader, team.id, counted, now, {}))
    back = ForceTeamPut(**told, revision=3)
    await do(lambda tx: teams.amend(tx, leader, team.id, back, now, {}))
    await do(lambda tx: teams.retire(tx, leader, team.id, 4, now, {}))


async def _equipment(do: Do, leader: Viewer, now: datetime) -> None:
    """Enter, amend, repair, import and retire a piece."""
    told: dict[str, Any] = {"kind": "pump", "name": "水泵", "number": "B-1", "team_id": LAKE}
    made = await do(lambda tx: equipment.register(tx, leader, EquipmentIn(**told), now))
    amended = EquipmentPut(**{**told, "unit_id": 1, "team_id": None}, revision=1)
    await do(lambda tx: equipment.amend(tx, leader, made.id, amended, now))
    broken = ReadinessIn(readiness="in_repair", reason="漏水", revision=2)
    await do(lambda tx: equipment.set_readiness(tx, leader, made.id, broken, now))
    sheet = sheet_of(("编号", "种类", "名称", "保管单位"), ["B-2", "水泵", "水泵", "西湖救援队"])
    await do(lambda tx: imports.import_equipment(tx, leader, sheet, now, apply=True))
    await do(lambda tx: equipment.retire(tx, leader, made.id, 3, now))


async def _experts(do: Do, leader: Viewer, now: datetime) -> None:
    """Enter, amend, call, import and retire an expert."""
    told: dict[str, Any] = {
        "name_zh": "沈知远", "sector": "mine", "phone": "19600009001", "region_code": EAST,
    }  # fmt: skip
    made = await do(lambda tx: experts.register(tx, leader, ExpertIn(**told), now))
    await do(lambda tx: experts.amend(tx, leader, made.id, ExpertPut(**told, title="教授", revision=1), now))
    opened = IncidentIn(event_code=OPEN_KIND, region_code=EAST, title="矿山透水")
    incident = await do(lambda tx: incidents.open_by_hand(tx, leader, opened, now, ZONE))
    called = ExpertCallIn(expert_id=made.id, outcome="coming")
    await do(lambda tx: calls.call_in(tx, leader, incident.id, called, now))
    await do(lambda tx: incidents.close(tx, leader, incident.id, "已处置", now))
    sheet = sheet_of(("姓名", "领域", "电话", "地区"), ["方某", "矿山", "19600009002", "东镇"])
    await do(lambda tx: imports.import_experts(tx, leader, sheet, now, apply=True))
    await do(lambda tx: experts.retire(tx, leader, made.id, 2, now))


async def _outside(do: Do, leader: Viewer, now: datetime) -> None:
    """A team of others comes and goes home; another does not come."""
    told: dict[str, Any] = {
        "origin": "邻水县", "leader_name": "罗队长", "leader_phone": "19600009003", "strength": 20,
        "region_code": EAST,
    }  # fmt: skip
    for name, steps in (("邻水县水域队", ("arrive", "release")), ("邻水县二队", ("cancel",))):
        form = OutsideTeamIn(name=name, **told)
        made = await do(lambda tx, form=form: outside_help.announce(tx, leader, form, now))  # type: ignore[misc]
        for step in steps:
            move = OutsideStepIn(step=step, revision=made.revision, words="改道")
            made = await do(
                lambda tx, id_=made.id, move=move: outside_help.step(tx, leader, id_, move, now)  # type: ignore[misc]
            )
