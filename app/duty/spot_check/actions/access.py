"""Who may do what with a check: the centre runs it, each post answers for its own desk."""

from __future__ import annotations

from app.db import Tx
from app.duty.spot_check.actions.refusals import SpotCheckOver
from app.duty.spot_check.store import campaigns, findings
from app.duty.spot_check.tables import SpotCheck, SpotFinding
from app.journal.concern import Concern
from app.org.rules.access import Permission, Viewer, require
from app.refusals import NotFound, NotPermitted


def require_at_centre(by: Viewer, permission: Permission = "command") -> None:
    """Raise NotPermitted unless this person may, and for the whole county."""
    require(by, permission)
    if not by.stream.startswith(by.scope):
        raise NotPermitted


def own_desk(by: Viewer, region_code: str) -> bool:
    """Whether a post is this person's own: a township's in the township, the county's at the centre."""
    of_the_county = not region_code[len(by.stream) :].strip("0")
    at_the_centre = by.stream.startswith(by.scope)
    return by.may("command") and by.covers(region_code) and of_the_county == at_the_centre


def centre_only(by: Viewer) -> Concern:
    """Whom it concerns that nobody outside the centre may know yet."""
    return Concern((by.stream.ljust(12, "0"),))


async def check_for_work(tx: Tx, by: Viewer, spot_check_id: int) -> SpotCheck:
    """Return an open check, locked, for one who runs it. Raises NotFound, NotPermitted, SpotCheckOver."""
    require_at_centre(by)
    check = await campaigns.locked(tx, by.stream, spot_check_id)
    if check is None:
        raise NotFound("该次抽查", "spot check")
    if check.state != "open":
        raise SpotCheckOver
    return check


async def finding_for_work(tx: Tx, by: Viewer, finding_id: int) -> tuple[SpotCheck, SpotFinding]:
    """Return a finding of an open check, both locked. Raises NotFound, NotPermitted, SpotCheckOver."""
    require_at_centre(by)
    spot_check_id = await findings.check_of(tx, by.stream, finding_id)
    if spot_check_id is None:
        raise NotFound("该抽查岗位", "finding")
    check = await check_for_work(tx, by, spot_check_id)
    return check, await findings.locked(tx, finding_id)
