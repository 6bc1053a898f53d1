"""What is refused about shelters and evacuations."""

from __future__ import annotations

from app.refusals import Refusal


class ShelterNameTaken(Refusal):
    """A shelter of this name exists."""

    code = "shelter_name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"已有“{name}”,请直接使用或换一个名称",
            f"there is a {name} already: use it or choose another name",
        )


class ShelterStale(Refusal):
    """Somebody else changed the shelter's entry first."""

    code = "shelter_stale"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name}的登记刚被他人修改,请核对最新内容后重新提交",
            f"somebody else changed the entry of {name} first: look again, then save",
        )


class ShelterIsOpen(Refusal):
    """The shelter is open already."""

    code = "shelter_is_open"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}已开启,请直接清点人数", f"{name} is open already: count who is there")


class ShelterIsClosed(Refusal):
    """The shelter is not open."""

    code = "shelter_is_closed"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}尚未开启,请先开启再登记", f"{name} is closed: open it first")


class ShelterNotEmpty(Refusal):
    """Somebody is still in the shelter."""

    code = "shelter_not_empty"

    def __init__(self, name: str, present: int) -> None:
        super().__init__(
            f"{name}还有 {present} 人,请登记返家或清点为 0 后再关闭",
            f"{present} persons are still in {name}: list them home or count none, then close it",
        )


class EvacuationOver(Refusal):
    """The evacuation has ended."""

    code = "evacuation_over"

    def __init__(self) -> None:
        super().__init__(
            "本次转移已结束,名单不能再改;如需转移请重新下达",
            "this evacuation has ended and its lists are closed: order a new one",
        )


class NotAllBack(Refusal):
    """Somebody who was moved is neither home nor listed missing."""

    code = "not_all_back"

    def __init__(self, away: int, moved: int) -> None:
        super().__init__(
            f"转移 {moved} 人中还有 {away} 人未登记返家,请逐一登记返家或失联",
            f"{away} of {moved} persons moved are neither home nor listed missing: list each of them",
        )


class NobodyToMove(Refusal):
    """No resident of these villages is in the register."""

    code = "nobody_to_move"

    def __init__(self, villages: str) -> None:
        super().__init__(
            f"{villages}没有转移名单,请先导入户名册",
            f"there are no residents of {villages} in the register: import their households first",
        )


class EvacueeTwice(Refusal):
    """Somebody stands on the list already."""

    code = "evacuee_twice"

    def __init__(self, name: str) -> None:
        super().__init__(f"名单中该户已有“{name}”", f"{name} of this household is on the list already")


class NotMovedYet(Refusal):
    """Only who was moved can come back."""

    code = "not_moved_yet"

    def __init__(self, count: int) -> None:
        super().__init__(
            f"所选人员中 {count} 人没有转移记录,请先登记转移",
            f"{count} of the chosen persons were not moved: tick them first",
        )
