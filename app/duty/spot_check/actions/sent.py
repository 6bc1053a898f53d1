"""A check that is sent through the post's own device, and the answer that comes back by it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.delivery import store as deliveries
from app.delivery.rules import CHANNEL_OF_FAMILY
from app.delivery.tables import Delivery
from app.duty import store as duty
from app.duty.spot_check.actions import finding
from app.duty.spot_check.actions.access import finding_for_work
from app.duty.spot_check.actions.refusals import NoDeviceThere, OutOfTurn
from app.duty.spot_check.actions.verdict import Hand, hand_of, judged, take_answer, tell
from app.duty.spot_check.facts import SpotFindingFact, SpotResultFact
from app.duty.spot_check.rules.answer import FAMILIES, LONGEST_ANSWER, answers, code_of, named_in, words_of
from app.duty.spot_check.rules.judge import Limits, Method
from app.duty.spot_check.store import campaigns, devices, findings
from app.duty.spot_check.store.devices import Waiting
from app.duty.spot_check.tables import SpotAttempt, SpotCheck, SpotFinding
from app.org.rules.access import Viewer

LIFETIME = timedelta(minutes=20)
"""A check that could not leave for so long is not sent any more: the officer telephones."""
REPEATS = timedelta(minutes=30)
DEFAULT_WAIT_S = 120


async def send(tx: Tx, by: Viewer, finding_id: int, now: datetime, zone: ZoneInfo) -> SpotFindingFact:
    """Call a post through its own device: radio text, satellite phone text, Beidou message.

    Raises NoDeviceThere, OutOfTurn for a means that is not sent, and what a call raises.
    """
    _, row = await finding_for_work(tx, by, finding_id)
    method: Method = row.method  # type: ignore[assignment]
    if method not in FAMILIES:
        raise OutOfTurn("该方式不能发送,请呼叫后登记结果", "this means is not sent: call and note the result")
    post = await duty.row(tx, by.stream, row.post_id)
    assert post is not None
    device = await devices.of_post(tx, by.stream, post.region_code, FAMILIES[method])
    if device is None:
        raise NoDeviceThere(post.name_zh)
    row = await finding.begin(tx, by, finding_id, now, zone)
    last = (await findings.attempts(tx, finding_id))[-1]
    last.device_id, last.code = device.id, code_of(finding_id, last.number)
    message = Delivery(
        stream=by.stream,
        device_id=device.id,
        addressee=post.name_zh,
        concern_regions=[post.region_code],
        channel=CHANNEL_OF_FAMILY[device.family],
        address=device.number,
        body=words_of(last.code, post.name_zh),
        queued_at=now,
        expires_at=now + LIFETIME,
    )
    tx.add(message)
    await tx.flush()
    last.delivery_id = message.id
    return await tell(tx, hand_of(by), row, "spot_check.called", now)


async def hear_text(
    tx: Tx, stream: str, device_id: int, label: str, text: str, now: datetime, limits: Limits
) -> bool:
    """Take a text of a device as the answer to the check it waits for; False when it is none."""
    words = text.strip()[:LONGEST_ANSWER]
    waiting = await devices.waiting_for(tx, stream, device_id)
    if waiting is None:
        return await devices.just_answered(tx, device_id, words, now - REPEATS)
    held = await _held(tx, stream, waiting)
    if held is None:
        return False
    check, row, calls = held
    if not answers(words, calls[-1].code):
        return False
    people = {one.person_id: one.name for one in await findings.colleagues(tx, stream, row.post_id)}
    people |= {one["person_id"]: one["name"] for one in row.roster}
    calls[-1].answer = words
    person = named_in(words, people)
    await _answered(tx, Hand(stream, label), check, row, calls, ("text", person), now, now, limits)
    return True


async def take_receipts(tx: Tx, stream: str, now: datetime, limits: Limits) -> int:
    """Take a device's receipt as the answer where nobody has written one in time; return how many.

    The machine confirms before any person can: words have the time of the means to come in first.
    """
    taken = 0
    for waiting in await devices.receipted(tx, stream):
        held = await _held(tx, stream, waiting)
        if held is None:
            continue
        check, row, calls = held
        message = await deliveries.locked(tx, calls[-1].delivery_id or 0)
        wait = limits.seconds.get(row.method, DEFAULT_WAIT_S)  # type: ignore[call-overload]
        if message is None or message.delivered_at is None:
            continue
        if now < (message.submitted_at or waiting.called_at) + timedelta(seconds=wait):
            continue
        hand = Hand(stream, message.addressee)
        at = message.delivered_at
        await _answered(tx, hand, check, row, calls, ("receipt", None), at, now, limits)
        taken += 1
    return taken


async def _held(
    tx: Tx, stream: str, waiting: Waiting
) -> tuple[SpotCheck, SpotFinding, list[SpotAttempt]] | None:
    """Lock a waiting call; None when it was answered meanwhile."""
    check = await campaigns.locked(tx, stream, waiting.spot_check_id)
    row = await findings.locked(tx, waiting.finding_id)
    calls = await findings.attempts(tx, waiting.finding_id)
    still = check is not None and check.state == "open" and row.state == "calling"
    return (check, row, calls) if check is not None and still and calls[-1].answered is None else None


async def _answered(
    tx: Tx,
    hand: Hand,
    check: SpotCheck,
    row: SpotFinding,
    calls: list[SpotAttempt],
    what: tuple[str, int | None],
    at: datetime,
    now: datetime,
    limits: Limits,
) -> None:
    """Note the answer; its seconds are those since the message left, however long it waited for its turn."""
    last = calls[-1]
    message = await deliveries.locked(tx, last.delivery_id or 0)
    left = message.submitted_at if message is not None and message.submitted_at else last.called_at
    last.source, person = what
    last.answered, last.ended_at = True, at
    last.seconds = max(0, int((at - left).total_seconds()))
    await take_answer(tx, hand, row, SpotResultFact(person_id=person))
    row.answered_by = row.answered_by or hand.name
    await judged(tx, hand, check, row, calls, now, limits)
