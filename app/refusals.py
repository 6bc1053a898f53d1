"""What the rules refuse: the fact, in Chinese and English; `api/problems.py` gives it a status."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One field of the input that is wrong, and why."""

    name: str
    zh: str
    en: str


class Refusal(Exception):
    """The house says no. `code` is stable for programs, `zh` and `en` tell a person what to do."""

    code = "refused"

    def __init__(self, zh: str, en: str, *fields: FieldFault) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en
        self.fields = fields


class NotFound(Refusal):
    """The thing does not exist, or lies outside this person's scope (the same answer to both)."""

    code = "not_found"

    def __init__(self, what_zh: str, what_en: str) -> None:
        super().__init__(f"没有找到{what_zh},或不在您的管辖范围", f"no such {what_en} in your scope")


class NotPermitted(Refusal):
    """The role does not grant this."""

    code = "not_permitted"

    def __init__(self) -> None:
        super().__init__(
            "您的角色没有此项权限,请联系值班长", "your role does not permit this; ask the shift lead"
        )


class InvalidInput(Refusal):
    """A field holds something that cannot be."""

    code = "invalid_input"

    def __init__(self, *fields: FieldFault) -> None:
        zh = ";".join(f.zh for f in fields)
        en = "; ".join(f.en for f in fields)
        super().__init__(zh, en, *fields)
