"""The pure rules of orders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.devices.adapters.payload import capacity_bits, segment
from app.dispatch.order.rules.steps import (
    RECIPIENT_STEPS,
    check_order,
    check_recipient,
    order_closed,
    state_after,
)
from app.dispatch.order.rules.supervise import Standing, Step, Waits, next_step
from app.dispatch.order.rules.words import due_word, number_of, reminder_for, text_for
from app.dispatch.order.templates import load_templates
from app.dispatch.rules.steps import IllegalStep
from tests.world import ZONE

AT = datetime(2025, 6, 18, 3, 20, tzinfo=UTC)
MIN = timedelta(minutes=1)
WAITS = Waits(3 * MIN, 7 * MIN, 60 * MIN)


@pytest.mark.parametrize(
    ("tasks", "state"),
    [
        (["open"], "acknowledged"),
        (["open", "reported"], "acknowledged"),
        (["reported", "accepted"], "reported"),
        (["accepted", "dropped"], "closed"),
        (["accepted"], "closed"),
    ],
)
def test_how_far_a_recipient_is_follows_from_its_tasks(tasks: list[str], state: str) -> None:
    assert state_after(tasks) == state


@pytest.mark.parametrize("step", RECIPIENT_STEPS)
@pytest.mark.parametrize("state", ["draft", "closed", "released"])
def test_nothing_happens_to_a_part_that_is_not_under_way(step: str, state: str) -> None:
    with pytest.raises(IllegalStep):
        check_recipient("issued", state, step)


@pytest.mark.parametrize("state", ["draft", "closed", "withdrawn"])
def test_nobody_answers_an_order_that_does_not_stand(state: str) -> None:
    with pytest.raises(IllegalStep):
        check_recipient(state, "sent", "acknowledge")
    with pytest.raises(IllegalStep):
        check_order(state, "amend")


def test_an_order_is_closed_by_the_last_acceptance_and_the_released_do_not_count() -> None:
    assert order_closed(["closed", "released"])
    assert not order_closed(["closed", "reported"])


def standing(state: str = "sent", ack_told: int = 0, report_told: int = 0) -> Standing:
    return Standing(state, AT + 3 * MIN, AT + 60 * MIN, ack_told, report_told)


@pytest.mark.parametrize(
    ("held", "step"),
    [
        (standing(), Step("acknowledgement", 1, AT + 3 * MIN)),
        (standing(ack_told=1), Step("acknowledgement", 2, AT + 10 * MIN)),
        (standing(ack_told=2), Step("report", 1, AT + 60 * MIN)),
        (standing(ack_told=2, report_told=1), Step("report", 2, AT + 120 * MIN)),
        (standing(ack_told=2, report_told=2), None),
        (standing("acknowledged"), Step("report", 1, AT + 60 * MIN)),
        (standing("reported"), None),
        (standing("closed"), None),
        (Standing("acknowledged", None, None, 0, 0), None),
    ],
)
def test_silence_is_acted_upon_twice_and_then_no_more(held: Standing, step: Step | None) -> None:
    assert next_step(held, WAITS) == step


@given(st.integers(0, 2), st.integers(0, 2), st.integers(0, 500), st.integers(0, 500))
def test_supervision_ends_after_four_steps_and_never_goes_back_in_time(
    acked: int, reported: int, ack: int, report: int
) -> None:
    fired: list[tuple[str, int]] = []
    last = AT
    held = Standing("sent", AT + ack * MIN, AT + report * MIN, acked, reported)
    while step := next_step(held, WAITS):
        assert (step.about, step.step) not in fired
        assert step.at >= last or not fired
        fired.append((step.about, step.step))
        last = step.at
        told = (held.ack_told, held.report_told)
        told = (step.step, told[1]) if step.about == "acknowledgement" else (told[0], step.step)
        held = Standing("sent", held.ack_due_at, held.report_due_at, *told)
    assert len(fired) == 4 - acked - reported


def test_a_number_and_a_deadline_in_words() -> None:
    assert number_of("樟应指令", 2025, 3) == "樟应指令〔2025〕3号"
    assert due_word(AT, AT, ZONE) == "11:20"
    assert due_word(AT + timedelta(days=1), AT, ZONE) == "6月19日11:20"
    assert due_word(None, AT, ZONE) == ""


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=2000), st.sampled_from(["", "11:20", "6月19日11:20"]))
def test_no_order_takes_more_than_three_messages_of_a_card(tasks: str, due: str) -> None:
    words = text_for("beidou", "樟应指令〔2025〕999号(第2版)", "标题", tasks, due)
    assert len(segment(words, capacity_bits(3))) <= 3
    assert words.startswith("【指令】樟应指令〔2025〕999号") and words.endswith(" 回复6签收")
    assert due in words


def test_a_line_carries_the_whole_order_and_a_reminder_says_what_is_owed() -> None:
    assert "速" * 900 in text_for("jt808", "1号", "题", "速" * 900, "")
    assert text_for("app", "1号", "题", "去", "11:20") == "【指令】1号 题。去 限11:20反馈"
    assert reminder_for("app", "1号", "report", 2) == "【督办】第2次 1号 逾期未反馈,请立即办理"
    assert reminder_for("beidou", "1号", "acknowledgement", 1).endswith("未签收,请立即办理 回复6签收")


def test_the_shipped_templates_are_right_and_a_wrong_file_is_named(tmp_path: Path) -> None:
    assert len(load_templates()) >= 4
    wrong = tmp_path / "templates.yaml"
    wrong.write_text("- name: 缺任务\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"templates\.yaml"):
        load_templates(wrong)
