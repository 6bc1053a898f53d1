"""Values for a JSON Schema: such as fit, such as lie at an edge, and such as fit nothing."""

from __future__ import annotations

import random
from typing import Any

from tests.api.minimal import MORE, Minimal, text_of

Schema = dict[str, Any]
NASTY: tuple[Any, ...] = (
    None,
    "",
    " ",
    "\u0000",
    "\ud800",
    "一" * 5_000,
    "a" * 70_000,
    "' OR 1=1 --",
    "<script>",
    "=1+1",
    "../../etc/passwd",
    "%00",
    "\u202e",
    "😀" * 300,
    "NaN",
    "1e400",
    "9" * 400,
    "2025-02-30",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59+14:00",
    "2025-06-18T02:10:00",
    "24:00",
    "-1",
    "999999999999",
    "99018110000x",
    "$where",
    0,
    -1,
    1,
    2**31,
    2**63,
    2**63 - 1,
    -(2**63) - 1,
    10**30,
    1e308,
    -1e308,
    0.1,
    1e-320,
    True,
    False,
    [],
    {},
    [[]],
    [None],
    {"": ""},
    {"a": {"b": [1]}},
    ["x"] * 2_000,
    [1, 1],
    "CN-EVENT-5",
    "990181",
    "990181100000",
)
IDS = tuple(range(1, 40))
_DEEP = 9


class Values:
    """Draws from a document. `spoil` is how likely a leaf of a body is to be something nasty."""

    def __init__(self, document: Schema, draw: random.Random) -> None:
        self._schemas: Schema = document["components"]["schemas"]
        self._minimal = Minimal(document)
        self._draw = draw

    @property
    def operations(self) -> dict[str, Any]:
        """Every operation by its method and path."""
        return self._minimal.operations

    def request(self, name: str) -> tuple[str, dict[str, Any], Any]:
        """Return the path, the query and the body of one request for an operation."""
        operation = self.operations[name]
        path, query = name.split(" ", 1)[1], {}
        for one in operation.get("parameters", []):
            if one["in"] == "path":
                path = path.replace("{" + one["name"] + "}", _in_path(self._parameter(one)))
            elif one["in"] == "query" and (one.get("required") or self._draw.random() < 0.4):
                query[one["name"]] = self._parameter(one)
        return path, query, self._body(name, operation)

    def _parameter(self, one: Schema) -> Any:
        schema = self._resolved(one["schema"])
        if schema.get("type") == "integer" and self._draw.random() < 0.8:
            return self._draw.choice(IDS)
        return self.value(schema, 0.12, 0)

    def _body(self, name: str, operation: Schema) -> Any:
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            return None
        spoil = self._draw.choice((0, 0, 0.05, 0.2))
        body = self.value(content["application/json"]["schema"], spoil, 0)
        if isinstance(body, dict) and self._draw.random() < 0.5:
            body |= MORE.get(name, {})
        return body

    def value(self, told: Schema, spoil: float, depth: int) -> Any:
        """Return a value for a schema."""
        if self._draw.random() < spoil:
            return self._draw.choice(NASTY)
        schema = self._resolved(told)
        if "const" in schema or "enum" in schema:
            return schema.get("const", self._draw.choice(schema.get("enum") or [None]))
        choices = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
        if choices:
            return self.value(self._draw.choice(choices), spoil, depth + 1)
        return self._of_type(schema, spoil, depth)

    def _of_type(self, schema: Schema, spoil: float, depth: int) -> Any:
        kind = schema.get("type")
        if kind == "object" or "properties" in schema:
            return self._object(schema, spoil, depth)
        if kind == "array":
            least, most = schema.get("minItems", 0), min(schema.get("maxItems", 3), 3)
            count = self._draw.randint(least, max(least, most)) if depth < _DEEP else least
            return [self.value(schema.get("items", {}), spoil, depth + 1) for _ in range(count)]
        if kind == "boolean":
            return self._draw.random() < 0.5
        if kind in ("integer", "number"):
            return self._number(schema, whole=kind == "integer")
        if kind == "null":
            return None
        return self._text(schema)

    def _object(self, schema: Schema, spoil: float, depth: int) -> dict[str, Any]:
        required = schema.get("required", [])
        often = 0.5 if depth < _DEEP else 0.0
        return {
            key: self.value(told, spoil, depth + 1)
            for key, told in schema.get("properties", {}).items()
            if (key in required and self._draw.random() > spoil / 4) or self._draw.random() < often
        }

    def _number(self, schema: Schema, *, whole: bool) -> float:
        least = float(schema.get("minimum", schema.get("exclusiveMinimum", -5)) or 0)
        most = min(float(schema.get("maximum", schema.get("exclusiveMaximum", 2.0**62)) or 0), 2.0**62)
        drawn: float = self._draw.choice((least, most, 1, 2, self._draw.randint(1, 40)))
        return int(drawn) if whole else float(drawn) + self._draw.choice((0, 0.5))

    def _text(self, schema: Schema) -> str:
        if schema.get("format") == "date-time":
            return self._draw.choice(
                ("2025-06-18T02:10:00+08:00", "2026-12-31T16:00:00Z", "2000-01-01T00:00:00Z")
            )
        if schema.get("format") == "date":
            return self._draw.choice(("2025-06-18", "2026-02-28", "2099-12-31"))
        if schema.get("pattern"):
            return text_of(schema, "")
        length = self._draw.choice(
            (schema.get("minLength", 0), 1, 3, min(schema.get("maxLength", 60), 4_000))
        )
        return "".join(self._draw.choice("甲乙丙ab 1-=@'\"<&\n") for _ in range(length))

    def _resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            schema = self._schemas[schema["$ref"].rsplit("/", 1)[1]]
        return schema


def _in_path(value: Any) -> str:
    from urllib.parse import quote

    text = str(value).encode("utf-8", "replace").decode()
    return quote(text[:500], safe="") or "_"
