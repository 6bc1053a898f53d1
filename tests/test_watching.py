"""What the dashboard, the alert rules and the proxies name is there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY

import app.main  # noqa: F401 - every metric is declared once it is imported
from app.devices.metrics import FACT_SECONDS  # noqa: F401

DEPLOY = Path(__file__).parent.parent / "deploy"
_NAMED = re.compile(r"zhishou_[a-z_]+")
_OF_PARTS = {"zhishou_part", "zhishou_part_ok"}


def _declared() -> set[str]:
    names = set(_OF_PARTS)
    for family in REGISTRY.collect():
        names |= {family.name, *(f"{family.name}_{end}" for end in ("total", "bucket", "count", "sum"))}
    return names


def _alerts() -> list[dict[str, object]]:
    told = yaml.safe_load((DEPLOY / "watching" / "alerts.yaml").read_text(encoding="utf-8"))
    return [rule for group in told["groups"] for rule in group["rules"]]


def _dashboard() -> list[dict[str, object]]:
    told = json.loads((DEPLOY / "watching" / "dashboard.json").read_text(encoding="utf-8"))
    return list(told["panels"])


def test_every_metric_that_is_asked_for_is_told() -> None:
    asked = json.dumps([rule["expr"] for rule in _alerts()]) + json.dumps(_dashboard())
    named = set(_NAMED.findall(asked))
    assert len(named) > 10
    assert named <= _declared()


def test_alerts_say_in_both_languages_what_is_wrong() -> None:
    for rule in _alerts():
        summary = rule["annotations"]["summary"]  # type: ignore[index]
        assert " / " in summary and re.search(r"[\u4e00-\u9fff]", summary)
        assert rule["labels"]["severity"] in {"page", "ticket"}  # type: ignore[index]


def test_panels_do_not_lie_over_each_other() -> None:
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in _dashboard()]  # type: ignore[index]
    assert len(places) == len(set(places))


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    whole = f"events {{}}\nhttp {{ include {DEPLOY / 'proxy' / 'nginx.conf'}; }}\npid {tmp_path}/pid;\n"
    (tmp_path / "nginx.conf").write_text(whole)
    command = ["nginx", "-t", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr


NEWER = "stream_close_delay"  # Caddy 2.7; Debian 12 has 2.6, which takes all else


def _caddy() -> tuple[int, int]:
    """Return its version; zeros where there is none."""
    if shutil.which("caddy") is None:
        return (0, 0)
    said = subprocess.run(["caddy", "version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v?(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


@pytest.mark.skipif(_caddy() < (2, 6), reason="Caddy 2.6 or newer is not installed")
def test_caddy_takes_its_configuration(tmp_path: Path) -> None:
    lines = (DEPLOY / "proxy" / "Caddyfile").read_text(encoding="utf-8").splitlines(keepends=True)
    assert sum(NEWER in line for line in lines) == 1
    told = [line for line in lines if NEWER not in line or _caddy() >= (2, 7)]
    (tmp_path / "Caddyfile").write_text("".join(told))
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile")]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
