"""The whole OpenAPI against the running service, as several roles and as a stranger.

Half of the requests are Schemathesis' own, half are drawn by `values`, which goes on where a schema ends: ids
that are there, the words that operations ask for. Whatever is asked, three things hold: never 5xx; what is
granted fits the contract; what is refused says so in our form and in two languages.
"""

from __future__ import annotations

import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import Unsatisfiable
from schemathesis.core.errors import SerializationNotPossible
from schemathesis.core.failures import Failure, FailureGroup

from fuzz.values import Values

# Those who may do most come more often than those who are refused at the door.
ROLES = (*("leader", "shift") * 3, *("wangjun", "linxi", "devadmin") * 2, "responder1", "auditor", None)
WITHIN_S = 15.0
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What ends the fuzzer's own logins: asked as a stranger only.
_ENDS_LOGINS = re.compile(
    r"/api/(logout|me/password|me/logins|accounts/\{account_id\}|people/\{person_id\}/account)"
)
Login = Callable[[str], str]


@dataclass
class Found:
    """What a run saw. `findings` by operation and kind, one example each."""

    findings: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    slowest: tuple[float, str] = (0.0, "")

    def add(self, operation: str, what: str, **example: Any) -> None:
        """Note a finding once."""
        self.findings.setdefault((operation, what), example)

    def lines(self) -> list[str]:
        """Return one line a finding."""
        return [
            f"{operation}: {what}: {json.dumps(example, ensure_ascii=False, default=str)[:600]}"
            for (operation, what), example in sorted(self.findings.items())
        ]


class ApiFuzzer:
    """Asks one service. `login` returns the cookie of a user name."""

    def __init__(self, address: str, login: Login, document: dict[str, Any], seed: int) -> None:
        self.found = Found()
        self._login = login
        self._seed = seed
        self._draw = random.Random(seed)
        self._values = Values(document, self._draw)
        self._schema = schemathesis.openapi.from_dict(without_tuples(document))
        self._client = httpx.Client(base_url=address, timeout=WITHIN_S)
        self._cookies: dict[str, str] = {}

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def names(self) -> list[str]:
        """Return every operation, in an order of this seed."""
        return self._draw.sample(sorted(self._values.operations), len(self._values.operations))

    def run(self, names: Sequence[str], drawn: int, generated: int, until: float = float("inf")) -> Found:
        """Ask each operation `drawn` times by our values, `generated` times by Schemathesis'."""
        for name in names:
            if time.monotonic() > until:
                break
            self.found.operations.add(name)
            for _ in range(drawn):
                self._ask_drawn(name)
            if generated:
                self._ask_generated(name, generated)
        return self.found

    def _ask_drawn(self, name: str) -> None:
        method, path = name.split(" ", 1)
        operation = self._schema[path][method]
        where, query, body = self._values.request(name)
        content = None if body is None else _encoded(body)
        if body is None and "requestBody" in self._values.operations[name]:
            content = self._draw.choice(
                (b"", b"PK\x03\x04", b"\xff\xd8\xff", b"<a/>")
            ) + self._draw.randbytes(60)
        headers = {"Content-Type": "application/json"} if body is not None else {}
        answer = self._send(name, method, where, headers, params=_spoken(query), content=content)
        if answer is not None and answer.status_code < 300:
            self._conforms(name, operation, answer)

    def _ask_generated(self, name: str, count: int) -> None:
        method, path = name.split(" ", 1)
        operation = self._schema[path][method]
        for one in _cases(operation, count, self._draw.getrandbits(32)):
            told = one.as_transport_kwargs(base_url=str(self._client.base_url))
            del told["cookies"]
            headers = {key: str(value) for key, value in told.pop("headers").items()}
            told.pop("method")
            url = told.pop("url")
            answer = self._send(name, method, url, headers, **_for_httpx(told))
            if answer is not None and answer.status_code < 300:
                self._conforms(name, operation, answer)

    def _send(
        self, name: str, method: str, where: str, headers: dict[str, str], **told: Any
    ) -> httpx.Response | None:
        who = None if _ENDS_LOGINS.match(name.split(" ", 1)[1]) else self._draw.choice(ROLES)
        cookies = {"zhishou_session": self._cookie(who)} if who else {}
        began = time.monotonic()
        example = {"who": who, "where": where, "told": told}
        try:
            answer = self._client.request(
                method,
                where,
                headers={**headers, "Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())},
                **told,
            )
        except (httpx.InvalidURL, httpx.LocalProtocolError, UnicodeError, ValueError, TypeError):
            return None  # nothing that HTTP can say
        except httpx.TransportError as error:
            self.found.add(name, "no answer", error=repr(error), **example)
            return None
        if answer.status_code == 401 and who:
            self._cookies.pop(who, None)  # it ended this login itself
        self.found.slowest = max(self.found.slowest, (time.monotonic() - began, name))
        self.found.statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            self.found.add(name, f"answered {answer.status_code}", **example, answer=answer.text[:300])
        elif answer.status_code >= 400:
            self._refused_well(name, answer, example)
        return answer

    def _refused_well(self, name: str, answer: httpx.Response, example: dict[str, Any]) -> None:
        try:
            told = answer.json()
            well = (
                answer.headers["content-type"].startswith("application/problem+json")
                and told["status"] == answer.status_code
                and bool(told["code"])
                and bool(_CHINESE.search(told["zh"]))
                and bool(told["en"])
                and told["detail"] == f"{told['zh']} / {told['en']}"
            )
        except (ValueError, KeyError, TypeError):
            well = False
        if not well:
            self.found.add(name, "refused in another form", **example, answer=answer.text[:300])

    def _conforms(self, name: str, operation: Any, answer: httpx.Response) -> None:
        try:
            operation.validate_response(answer)
        except (Failure, FailureGroup) as failure:
            said = "; ".join(str(one)[:300] for one in getattr(failure, "exceptions", [failure]))
            self.found.add(name, "an answer beside the contract", said=said)

    def _cookie(self, who: str) -> str:
        if who not in self._cookies:
            try:
                self._cookies[who] = self._login(who)
            except httpx.HTTPError:  # who may keep accounts has locked this one out
                return "nobody"
        return self._cookies[who]


def without_tuples(told: Any) -> Any:
    """Return a contract in which what holds for one place of a tuple may stand at any.

    Schemathesis makes of `prefixItems` below a reference a list of `items`, and then cannot judge the answer.
    """
    if isinstance(told, list):
        return [without_tuples(one) for one in told]
    if not isinstance(told, dict):
        return told
    plain = {name: without_tuples(one) for name, one in told.items()}
    places = plain.pop("prefixItems", None)
    return plain if places is None else {**plain, "items": {"anyOf": places}}


def _cases(operation: Any, count: int, seed: int) -> Iterator[Any]:
    made: list[Any] = []

    @seeded(seed)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def draw(case: Any) -> None:
        made.append(case)

    try:
        draw()
    except (Unsatisfiable, SerializationNotPossible):  # … a sheet: bytes of it are drawn by us
        return
    yield from made[:count]


def _encoded(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=True).encode()


def _spoken(query: dict[str, Any]) -> dict[str, Any]:
    def spoken(value: Any) -> str:
        return str(value).encode("utf-8", "replace").decode()[:2000]

    return {
        key: [spoken(v) for v in value] if isinstance(value, list) else spoken(value)
        for key, value in query.items()
    }


def _for_httpx(told: dict[str, Any]) -> dict[str, Any]:
    data = told.pop("data", None)
    if data is not None:
        told["content" if isinstance(data, bytes | str) else "data"] = data
    return {
        key: value for key, value in told.items() if key in ("params", "json", "content", "data", "files")
    }
