"""What is refused of drills."""

from __future__ import annotations

from collections.abc import Sequence

from app.exercise.rules.script import ScriptFault
from app.refusals import FieldFault, Refusal


class BadScript(Refusal):
    """The script cannot be used; each fault names its line."""

    code = "bad_script"

    def __init__(self, faults: Sequence[ScriptFault]) -> None:
        fields = [FieldFault(f"source:{one.line}", one.zh, one.en) for one in faults]
        super().__init__(
            "导调脚本有误,请按行号修改:" + ";".join(one.zh for one in fields),
            "the script is wrong, correct it by line: " + "; ".join(one.en for one in fields),
            *fields,
        )


class DrillStale(Refusal):
    """Somebody else changed the drill first."""

    code = "drill_stale"

    def __init__(self) -> None:
        super().__init__("该演练刚被他人修改,请刷新", "somebody else changed this drill first: look again")


class DrillMoved(Refusal):
    """The drill is not in a state for this."""

    code = "drill_moved"

    def __init__(self, state: str) -> None:
        words = {
            "planned": "尚未开始",
            "running": "正在进行",
            "paused": "已暂停",
            "finished": "已结束",
            "cancelled": "已取消",
        }
        super().__init__(f"演练{words[state]},不能这样操作", f"the drill is {state}: that cannot be done now")


class DrillNotRunning(Refusal):
    """Something of a drill begins only while that drill runs."""

    code = "drill_not_running"

    def __init__(self) -> None:
        super().__init__(
            "该演练未在进行,请选择正在进行的演练", "that drill does not run: choose one that does"
        )


class InjectMoved(Refusal):
    """The inject came already, or was left out."""

    code = "inject_moved"

    def __init__(self, state: str) -> None:
        words = {"waiting": "待注入", "held": "已挂起", "fired": "已注入", "skipped": "已跳过"}
        super().__init__(f"该导调项{words[state]},不能这样操作", f"the inject is {state} already")


class NoSuchDevice(Refusal):
    """An inject names a device that is not in the register."""

    code = "inject_device"

    def __init__(self, number: str) -> None:
        super().__init__(f"台账中没有终端 {number}", f"no device {number} in the register")


class VoiceNeedsAnother(Refusal):
    """The director cannot let loudspeakers sound by himself."""

    code = "voice_needs_another"

    def __init__(self) -> None:
        super().__init__(
            "真实喊话须由总导演以外、有播发审批权的人批准",
            "somebody other than the director, who approves broadcasts, must let loudspeakers sound",
        )


class NoVoice(Refusal):
    """Nobody let loudspeakers sound in this drill."""

    code = "no_voice"

    def __init__(self) -> None:
        super().__init__(
            "本场演练未获批真实喊话,请选择平台内或前端演练播发",
            "loudspeakers may not sound in this drill: choose one within the platform or at the front end",
        )
