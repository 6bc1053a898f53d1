"""A flood of alarms for page tests and benchmarks: a hundred devices in two townships, and what a desk does.

Six in ten call for help, the others are in trouble themselves.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from sqlalchemy import text

from app.db import Database
from app.dispatch.actions import intake
from app.org import store as org
from app.signals import Distress, Trouble

ALARMS, CALLS = 100, 60
_DEVICES = """
INSERT INTO device (stream, family, number, label, kind, region_code, active, facts)
SELECT '990181', 'gateway', 'flood-' || n, '险情' || n, 'gateway',
       CASE n % 2 WHEN 0 THEN '990181100000' ELSE '990181201000' END, true, '{}'
  FROM generate_series(1, :n) n
"""
# Before the page's own scripts: every tone that is begun, every key and every task that took long.
WATCH = """
window.__tones = []
window.__keys = []
window.__tasks = []
const begin = OscillatorNode.prototype.start
const end = OscillatorNode.prototype.stop
OscillatorNode.prototype.start = function (at) { this.from = at; return begin.call(this, at) }
OscillatorNode.prototype.stop = function (at) {
  window.__tones.push([this.from, at])
  return end.call(this, at)
}
new PerformanceObserver((seen) => {
  for (const e of seen.getEntries()) if (e.name === 'keydown') window.__keys.push(e.duration)
}).observe({ type: 'event', durationThreshold: 16 })
new PerformanceObserver((seen) => {
  for (const e of seen.getEntries()) window.__tasks.push(e.duration)
}).observe({ type: 'longtask' })
"""
# The most tones that sounded at one moment.
TOGETHER = """() => {
  const at = (moment) => window.__tones.filter(([from, to]) => from <= moment && moment < to).length
  return Math.max(0, ...window.__tones.map(([from]) => at(from)))
}"""


async def register(database: Database) -> None:
    """Register the devices."""
    async with database.transaction() as tx:
        await tx.execute(text(_DEVICES), {"n": ALARMS})


async def pour(database: Database, over_s: float = 0.0) -> None:
    """Let all of them speak, evenly over so many seconds, or as fast as the house takes it."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    for n in range(1, ALARMS + 1):
        await asyncio.sleep(max(0.0, began + over_s * n / ALARMS - loop.time()))
        async with database.transaction() as tx:
            device = await org.device_by_number(tx, ["gateway"], f"flood-{n}")
            assert device is not None
            now = datetime.now(UTC)
            if n % 10 < CALLS // 10:
                heard = await intake.hear_distress(tx, device, Distress(f"flood-{n}"), b"", now)
            else:
                heard = await intake.hear_trouble(tx, device, Trouble("low_battery", f"flood-{n}"), b"", now)
            assert heard is not None
