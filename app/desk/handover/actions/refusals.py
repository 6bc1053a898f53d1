"""What a hand-over refuses."""

from __future__ import annotations

from collections.abc import Sequence

from app.refusals import FieldFault, Refusal


class NoChangeNear(Refusal):
    """The roster knows no change of shift within the hour to come or the day that has passed."""

    code = "no_change_near"

    def __init__(self) -> None:
        super().__init__(
            "前24小时至后1小时内没有换班,请核对值班表",
            "the roster has no change of shift in the last 24 hours or the next hour",
        )


class AlreadyHandedOver(Refusal):
    """The change of shift has its sheet, or another one of the post lies open."""

    code = "already_handed_over"

    def __init__(self) -> None:
        super().__init__(
            "这一班已经开出交接单,或该岗位还有未签完的交接单",
            "this change has its sheet already, or one of this post is still to be signed",
        )


class HandoverOver(Refusal):
    """Three signatures stand: the sheet is a document now."""

    code = "handover_over"

    def __init__(self) -> None:
        super().__init__("交接已经签完,交接单不能再改", "this hand-over is signed and cannot be changed")


class ItemUnread(Refusal):
    """Nobody opened it, or it is over."""

    code = "item_unread"

    def __init__(self) -> None:
        super().__init__("请先打开该项看过再打钩", "open the item and read it before ticking it")


class NotReceiver(Refusal):
    """Only somebody of the incoming team who is here takes things over."""

    code = "not_receiver"

    def __init__(self) -> None:
        super().__init__(
            "只有已到岗的接班人员可以打钩", "only people of the incoming team who are here may tick items"
        )


class ItemsOpen(Refusal):
    """Items that nobody has ticked stand in the way of a signature; each is named."""

    code = "items_open"

    def __init__(self, waiting: Sequence[tuple[str, str, str]]) -> None:
        super().__init__(
            f"还有 {len(waiting)} 项未打钩,不能签字",
            f"{len(waiting)} items are not ticked yet: nobody can sign",
            *(FieldFault(key, zh, en) for key, zh, en in waiting),
        )


class NotSigner(Refusal):
    """The signature belongs to somebody else."""

    code = "not_signer"

    def __init__(self) -> None:
        super().__init__(
            "这一栏不由此人签字:交班、接班由到岗的值班长签,带班领导由当班领导签",
            "this person does not sign here: the lead of each team who is here signs, and a leader in charge",
        )


class SignedAlready(Refusal):
    """The part is signed, or the person has signed."""

    code = "signed_already"

    def __init__(self) -> None:
        super().__init__("该栏已签,或此人已经签过", "this part is signed, or this person has signed already")


class HasOwnAccount(Refusal):
    """Who has an account signs by it."""

    code = "has_own_account"

    def __init__(self) -> None:
        super().__init__("此人有自己的账号,须本人登录签字", "this person has an account and must sign by it")


class DeskWouldBeEmpty(Refusal):
    """The seat would be short of people: the successor is not here yet (LEFT_BEFORE_RELIEF)."""

    code = "desk_would_be_empty"

    def __init__(self) -> None:
        super().__init__(
            "接班人未到,离岗后席位空缺,不能离岗",
            "the successor is not here: the seat would be empty, nobody may leave it",
        )


class MovedAlready(Refusal):
    """Who came has come, who left has left."""

    code = "moved_already"

    def __init__(self) -> None:
        super().__init__("已经登记过", "this is noted already")
