"""A county's rules of contact, read from their file at the edge."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from app.dispatch.contact.rules import ContactRules, Patience, Rung
from app.rules_file import read_yaml

SHIPPED = Path(__file__).with_name("contact.yaml")
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Seconds = Annotated[int, Field(ge=10, le=7 * 86_400)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Patience(_Strict):
    heartbeats: Annotated[list[Word], Field(min_length=1, max_length=10)]
    amber_s: Seconds
    red_s: Seconds

    @model_validator(mode="after")
    def _amber_first(self) -> Self:
        if self.amber_s >= self.red_s:
            raise ValueError("amber_s 须小于 red_s / amber_s comes before red_s")
        return self


class _Storm(_Strict):
    share: Annotated[float, Field(gt=0, le=1)]
    least: Annotated[int, Field(ge=2, le=1000)]


class _Rung(_Strict):
    id: Word
    zh: Name
    en: Name


class _File(_Strict):
    watched: dict[Literal["township", "village", "team"], _Patience]
    means_fresh_s: Seconds
    gap_s: Seconds
    storm: _Storm
    trusted_s: Seconds
    ladder: Annotated[list[_Rung], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _each_rung_once(self) -> Self:
        ids = [rung.id for rung in self.ladder]
        if len(ids) != len(set(ids)):
            raise ValueError("梯级重复 / a rung stands twice")
        return self


def load_contact_rules(path: Path | None = None) -> ContactRules:
    """Read the rules; None for what is shipped. Raises ValueError with the file's name when it is wrong."""
    path = path or SHIPPED
    try:
        file = _File.model_validate(read_yaml(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise ValueError(f"失联规则文件 {path} 有误 / is not right: {error}") from error
    return ContactRules(
        watched={
            kind: Patience(
                frozenset(one.heartbeats), timedelta(seconds=one.amber_s), timedelta(seconds=one.red_s)
            )
            for kind, one in file.watched.items()
        },
        means_fresh=timedelta(seconds=file.means_fresh_s),
        gap=timedelta(seconds=file.gap_s),
        storm_share=file.storm.share,
        storm_least=file.storm.least,
        trusted=timedelta(seconds=file.trusted_s),
        ladder=tuple(Rung(one.id, one.zh, one.en) for one in file.ladder),
    )


@cache
def shipped() -> ContactRules:
    """Return the rules as they come with the house."""
    return load_contact_rules()
