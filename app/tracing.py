"""Traces, where a setting asks for them (OpenTelemetry, OTLP over HTTP).

What comes in is one trace: `heard` or `positions`, within it `commit`, then `push` to the screens; a command
is `request`, `commit`, `push`. Without `ZHISHOU_TRACES_URL` nothing is imported, and a span costs a look at a
variable. Attributes are kinds, counts and the patterns of paths: never a name, a place, a text, a number of a
device or a session, nor what an error said.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

Key = tuple[str, int]
POSITIONS: Key = ("positions", 0)  # the last batch of positions, which the next frame of telemetry shows
_MOST = 4096  # rows that wait for their push; older ones are forgotten
_NOTHING = nullcontext()
_tracer: Any = None
_waiting: OrderedDict[Key, Any] = OrderedDict()


def collector_of(url: str) -> str:
    """Return where traces go, "" for nowhere. Raises ValueError for no address, or without the libraries."""
    if not url:
        return ""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(
            "采集地址应形如 http://host:4318/v1/traces / the address looks like http://host:4318/v1/traces"
        )
    from importlib.util import find_spec

    if find_spec("opentelemetry.exporter") is None or find_spec("opentelemetry.sdk") is None:
        raise ValueError(
            "没有安装跟踪组件,请安装 zhishou[traces] / the libraries are missing: install zhishou[traces]"
        )
    return url


@contextmanager
def traced(url: str, instance: str, share: float) -> Iterator[None]:
    """Send this share of all traces to a collector while the block lasts; what it does not take is lost."""
    if not url:
        yield
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

    who = Resource({"service.name": "zhishou", "service.instance.id": instance})
    provider = TracerProvider(resource=who, sampler=ParentBased(TraceIdRatioBased(share)))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url, timeout=5)))
    with by(provider):
        try:
            yield
        finally:
            provider.shutdown()


@contextmanager
def by(provider: Any) -> Iterator[None]:
    """Trace by a provider while the block lasts."""
    global _tracer  # one a process, as the libraries have it
    _tracer = provider.get_tracer("zhishou")
    try:
        yield
    finally:
        _tracer = None
        _waiting.clear()


def span(name: str, since: datetime | None = None, **facts: str | float) -> AbstractContextManager[None]:
    """Let a block be a span, begun at an instant if one is given."""
    return _NOTHING if _tracer is None else _spanned(name, since, facts)


def commit() -> AbstractContextManager[None]:
    """Let a block be the commit of what is traced; of nothing else."""
    return _NOTHING if _tracer is None or not _current().is_recording() else _spanned("commit", None, {})


def appended(info: dict[Any, Any], key: Key) -> None:
    """Remember of which trace a row is that will be pushed, for as long as its transaction stands."""
    if _tracer is None or not _current().is_recording():
        return
    _waiting[key] = _current().get_span_context()
    info.setdefault("traced", []).append(key)
    while len(_waiting) > _MOST:
        _waiting.popitem(last=False)


def rolled_back(info: dict[Any, Any]) -> None:
    """Forget the rows of a transaction: their numbers go to others."""
    for key in info.pop("traced", ()):
        _waiting.pop(key, None)


def pushed(keys: Iterable[Key], **facts: float) -> AbstractContextManager[None]:
    """Let a block be the push of rows: a span in the trace of each that began in this process."""
    return _NOTHING if _tracer is None else _pushed(list(keys), facts)


@contextmanager
def _pushed(keys: list[Key], facts: dict[str, float]) -> Iterator[None]:
    from opentelemetry.trace import NonRecordingSpan, set_span_in_context

    began_by = [found for key in keys if (found := _waiting.pop(key, None)) is not None]
    within = [set_span_in_context(NonRecordingSpan(found)) for found in began_by]
    spans = [_tracer.start_span("push", context=one, attributes=_named(facts)) for one in within]
    try:
        yield
    finally:
        for one in spans:
            one.end()


@contextmanager
def _spanned(name: str, since: datetime | None, facts: dict[str, Any]) -> Iterator[None]:
    from opentelemetry.trace import StatusCode

    began = None if since is None else int(since.timestamp() * 1e9)
    with _tracer.start_as_current_span(
        name,
        start_time=began,
        attributes=_named(facts),
        record_exception=False,  # an error's words may hold what people wrote
        set_status_on_exception=False,
    ) as current:
        try:
            yield
        except BaseException as error:
            current.set_status(StatusCode.ERROR)
            current.set_attribute("error.type", type(error).__name__)
            raise


def _named(facts: dict[str, Any]) -> dict[str, Any]:
    return {f"zhishou.{name}": value for name, value in facts.items()}


def _current() -> Any:
    from opentelemetry.trace import get_current_span

    return get_current_span()
