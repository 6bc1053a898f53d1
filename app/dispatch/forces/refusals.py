"""What the register of forces refuses."""

from __future__ import annotations

from collections.abc import Sequence

from app.refusals import Refusal

NAMED = 3


class StaleForm(Refusal):
    """Somebody saved the entry after this form was opened: nothing of either is lost."""

    code = "stale_form"

    def __init__(self, name: str, changed_by: str, revision: int) -> None:
        super().__init__(
            f"您打开表单之后,{changed_by or '他人'}已修改“{name}”(第{revision}版)。"
            "对方的内容已保存,您的未保存:请核对差异后再提交",
            f"{changed_by or 'somebody'} changed {name} after you opened the form (revision {revision}); "
            "that is kept, yours is not saved yet: compare the two and save again",
        )


class TeamIsOut(Refusal):
    """A team that is out, promised or stationed away from home is not retired, nor moved to another place."""

    code = "team_is_out"

    def __init__(self, name: str, zh: str, en: str) -> None:
        super().__init__(f"{name}{zh},不能停用或调出", f"{name} {en}: it cannot be retired or moved now")


class TeamHasSquads(Refusal):
    """Squads below the team are still in service."""

    code = "team_has_squads"

    def __init__(self, name: str, squads: Sequence[str]) -> None:
        more = f"等 {len(squads)} 支" if len(squads) > NAMED else ""
        super().__init__(
            f"{name}下属{'、'.join(squads[:NAMED])}{more}仍在用,请先停用或改属",
            f"{len(squads)} squads of {name} are in service ({', '.join(squads[:NAMED])}): retire or move "
            "them first",
        )


class TeamNameTaken(Refusal):
    """Another team in service bears the name or call sign."""

    code = "team_name_taken"

    def __init__(self, told: str, held_by: str) -> None:
        super().__init__(
            f"“{told}”已由{held_by}使用,请另取名称或呼号", f"{told} is borne by {held_by}: choose another"
        )


class EquipmentNumberTaken(Refusal):
    """Another piece in use bears the number."""

    code = "equipment_number_taken"

    def __init__(self, number: str, held_by: str | None) -> None:
        super().__init__(
            f"编号 {number} 已登记{f'({held_by})' if held_by else ''},请核对编号",
            f"the number {number} is registered already{f' ({held_by})' if held_by else ''}",
        )


class ExpertKnown(Refusal):
    """An expert of this name with this telephone stands in the register."""

    code = "expert_known"

    def __init__(self, name: str) -> None:
        super().__init__(f"专家{name}(同一电话)已登记", f"{name} with this telephone is registered already")


class RegisterFull(Refusal):
    """The register holds as many entries as it may."""

    code = "register_full"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"名册最多 {most} 条,请先停用不再使用的", f"at most {most} entries: retire what is not used"
        )
