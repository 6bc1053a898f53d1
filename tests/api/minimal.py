"""The least request that an operation of the contract accepts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]
SAMPLES = (
    "1",
    "a",
    "990181",
    "990181100000",
    "2025-06",
    "2025-06-18",
    "08:00",
    "08",
    "11A01",
    "y1",
    "a.b",
    "1010101",
    "4" + "0" * 22,
    "0" * 16,
)
MOMENT, LATER = "2025-06-18T02:10:00+08:00", "2025-06-18T04:10:00+08:00"
# What the schema does not say: of several fields one, and only with this value.
WHOM: Schema = {"recipients": [{"unit_id": 1}]}
RING = [[115.5, 27.9], [115.6, 27.9], [115.6, 28.0]]
MORE: Mapping[str, Schema] = {
    "POST /api/personal-data/reveals": {"source": "/api/people/1", "reason": "核查"},
    "POST /api/incidents/{incident_id}/merge": {"into_id": 2},
    "POST /api/incidents/{incident_id}/links": {"other_id": 2},
    "POST /api/reporting/rules/try": {"version": "1", "incidents": [1]},
    "POST /api/commands/{activation_id}/hand-over": {"holder": {"post": "commander", "person_id": 1}},
    "POST /api/broadcast/peers": {"signs": False},
    "PUT /api/broadcast/peers/{peer_id}": {"signs": False},
    "POST /api/exchange/peers": {"means": "file"},
    "PUT /api/exchange/peers/{peer_id}": {"means": "file"},
    "POST /api/intake": {"title": "一"},
    "POST /api/intake/reports": {"title": "一"},
    "POST /api/maintenance": {"channel": "radio"},
    "POST /api/cameras": {"stream_path": "tower/a"},
    "PUT /api/cameras/{camera_id}": {"stream_path": "tower/a"},
    "POST /api/equipment": {"team_id": 1},
    "PUT /api/equipment/{equipment_id}": {"team_id": 1},
    "POST /api/incidents/{incident_id}/expert-calls": {"advice": "一"},
    "POST /api/orders": WHOM,
    "PUT /api/orders/{order_id}": WHOM,
    "POST /api/orders/{order_id}/amend": WHOM,
    "POST /api/instructions/{instruction_id}/split": WHOM,
    "POST /api/orders/recipients/{recipient_id}/close-out": {"accepted": True},
    "POST /api/plans": {"owner_unit_id": 1},
    "PUT /api/plans/{plan_id}": {"owner_unit_id": 1},
    "POST /api/plan-runs/{run_id}/decision": {"approved": True},
    "POST /api/responses/{response_id}/steps": {"level": 3},
    "POST /api/incidents/{incident_id}/handoffs": {"name": "一", "phone": "13800000001"},
    "POST /api/devices": {"family": "jt808", "number": "13800000001"},
    "POST /api/devices/unknown/file": {"family": "jt808", "number": "13800000001"},
    "POST /api/meetings": {"team_ids": [1]},
    "POST /api/roll-calls": {"region_code": "990181100000"},
    "PUT /api/duty/wishes": {"person_id": 1},
    "POST /api/duty/presence/arrival": {"person_id": 1},
    "POST /api/duty/presence/departure": {"person_id": 1},
    "POST /api/duty/posts/{post_id}/overrides": {"add_person_id": 1},
    "POST /api/duty/leave": {"person_id": 1},
    "POST /api/readiness/exemptions": {"region_code": "990181100000"},
    "POST /api/readiness/townships/{region_code}/{day}/persons": {"person_id": 1},
    "POST /api/readiness/key-periods": {"level": 3},
    "POST /api/status-calls": {"recipients": {"region_codes": ["990181100000"]}},
    "PUT /api/status-calls/{call_id}/repeat": {"every_hours": 2},
    "POST /api/call-and-respond/{round_id}/places": {"region_codes": ["990181100000"]},
    "POST /api/call-and-respond/{round_id}/tell-the-same": {"kind": "cancelled"},
    "POST /api/call-and-respond/targets/{target_id}/reports": {"actions": [{"kind": "patrol"}]},
    "POST /api/broadcasts": {"areas": ["990181100000"]},
    "POST /api/broadcasts/coverage": {"areas": ["990181100000"]},
    "PUT /api/broadcasts/{broadcast_id}": {"areas": ["990181100000"]},
    "POST /api/map/areas": {"ring": RING},
    "PUT /api/map/areas/{area_id}": {"ring": RING},
    "POST /api/responsibilities": {"person_id": 1},
    "POST /api/document-drafts": {"kind": "minutes"},
    "POST /api/warnings": {"colour": "red", "title": "一", "region_codes": ["990181100000"]},
}


class Minimal:
    """Makes requests from an OpenAPI document: what is required and nothing else."""

    def __init__(self, document: Schema) -> None:
        self._schemas: Schema = document["components"]["schemas"]
        self.operations = {
            f"{method.upper()} {path}": operation
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        }

    def address(self, name: str) -> str:
        """Return the path of an operation with its parameters filled in."""
        given = {
            (one["in"], one["name"]): self._value(one["schema"], one["name"])
            for one in self.operations[name].get("parameters", [])
            if one["required"]
        }
        path = re.sub(r"\{(\w+)\}", lambda found: str(given["path", found[1]]), name.split(" ", 1)[1])
        asked = "&".join(f"{key}={value}" for (where, key), value in given.items() if where == "query")
        return f"{path}?{asked.replace('+', '%2B')}" if asked else path

    def body(self, name: str) -> Any:
        """Return the least body of an operation; None for one that has none."""
        content = self.operations[name].get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            return None
        least = self._value(content["application/json"]["schema"], "")
        return {**least, **MORE.get(name, {})} if isinstance(least, dict) else least

    def _value(self, told: Schema, name: str) -> Any:
        schema = self._resolved(told)
        if "const" in schema or "enum" in schema:
            return schema.get("const", (schema.get("enum") or [None])[0])
        if schema.get("default") is not None:
            return schema["default"]
        choices = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
        if choices:
            return self._value(next(one for one in choices if one.get("type") != "null"), name)
        return self._of_type(schema, name)

    def _of_type(self, schema: Schema, name: str) -> Any:
        kind = schema.get("type")
        if kind == "object":
            return {key: self._value(schema["properties"][key], key) for key in schema.get("required", [])}
        if kind == "array":
            return [self._value(schema.get("items", {}), name) for _ in range(schema.get("minItems", 0))]
        if kind == "boolean":
            return False
        if kind in ("integer", "number"):
            above = schema.get("exclusiveMinimum")
            return int(schema.get("minimum", 1) if above is None else above + 1)
        return text_of(schema, name)

    def _resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            schema = self._schemas[schema["$ref"].rsplit("/", 1)[1]]
        return schema


def text_of(schema: Schema, name: str) -> str:
    if schema.get("format") == "date-time" or name in ("start", "end"):
        return LATER if name.startswith("end") or name == "until" else MOMENT
    if schema.get("format") == "date" or name in ("day", "on"):
        return "2025-06-18"
    if name == "month":
        return "2025-06"
    if pattern := schema.get("pattern"):
        return next((one for one in SAMPLES if re.search(pattern, one)), "?")
    return "一" * max(1, int(schema.get("minLength", 1)))
