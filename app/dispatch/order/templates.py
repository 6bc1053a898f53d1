"""The templates of tasks of a county, read from a file at the edge."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from app.dispatch.order.commands import MOST_TASKS, TaskKind, Title, Words
from app.rules_file import read_yaml
from app.wire import Fact

SHIPPED = Path(__file__).with_name("templates.yaml")


class TemplateTask(Fact):
    """A task of a template, due so many minutes after the drafting."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: TaskKind
    text: Words
    due_min: Annotated[int, Field(ge=1, le=7 * 24 * 60)] | None = None


class OrderTemplate(Fact):
    """A template: a title with its tasks."""

    name: Title
    name_en: Title
    title: Title
    tasks: Annotated[list[TemplateTask], Field(min_length=1, max_length=MOST_TASKS)]


_FILE = TypeAdapter(Annotated[list[OrderTemplate], Field(max_length=50)])


def load_templates(path: Path | None = None) -> tuple[OrderTemplate, ...]:
    """Read the county's templates. Raises ValueError that names the file when it is not right."""
    path = path or SHIPPED
    try:
        return tuple(_FILE.validate_python(read_yaml(path.read_text(encoding="utf-8"))))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise ValueError(f"指令模板文件 {path} 有误 / is not right: {error}") from error
