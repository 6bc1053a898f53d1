"""A trouble begins: one alarm. It is over: a silence settles itself, the rest waits for a person."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.devices.watch import store
from app.devices.watch.judgement import Finding
from app.dispatch.actions import alarms, intake
from app.org import store as org
from app.signals import Trouble

BACK = "已恢复联系 / heard again"
OFF = "设备已停用 / device switched off"


async def tell(tx: Tx, stream: str, finding: Finding, now: datetime) -> bool:
    """Take in what the watch found; False if it was taken in already, by whatever node."""
    row = await org.lock_device(tx, finding.device_id)
    if finding.verdict == "ends":
        if not await store.end(tx, finding.device_id, finding.kind):
            return False
        if finding.kind == "silent":
            await alarms.settle_silence(tx, stream, finding.device_id, BACK if row.active else OFF, now)
        return True
    device = await org.device_by_id(tx, stream, finding.device_id)
    if device is None or not await store.begin(tx, finding.device_id, finding.kind, now):
        return False
    trouble = Trouble(finding.kind, f"watch:{finding.kind}:{now.isoformat()}", finding.text)
    await intake.hear_trouble(tx, device, trouble, b"", now)
    return True
