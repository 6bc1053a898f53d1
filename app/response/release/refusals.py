"""What is refused about a release."""

from __future__ import annotations

from app.refusals import Refusal


class NoPlaceOfRelease(Refusal):
    """Neither the request nor the incident says where it comes out."""

    code = "no_place_of_release"

    def __init__(self) -> None:
        super().__init__(
            "不知泄漏点位置,请先标定事发地点", "nobody knows where it comes out: set the incident's place"
        )


class LiftingStands(Refusal):
    """Lifting was proposed already."""

    code = "lifting_stands"

    def __init__(self) -> None:
        super().__init__("解除会签已发起,请在其中签署", "lifting was proposed already: sign there")


class NoLifting(Refusal):
    """Nobody proposed to lift, or this department is not asked, or has said its word."""

    code = "no_lifting"

    def __init__(self) -> None:
        super().__init__(
            "没有进行中的解除会签,或该部门不在会签名单、已签署",
            "no lifting is under way, or this department is not asked or has said its word",
        )


class NotAllSigned(Refusal):
    """Not all departments signed; only the commander, named, overrules them and says why."""

    code = "not_all_signed"

    def __init__(self, names: str, names_en: str) -> None:
        super().__init__(
            f"{names}未同意解除;须全部会签,或由带班领导登记指挥长姓名和理由后解除",
            f"{names_en} did not sign: all must, or the leader enters the commander's name and reason",
        )
