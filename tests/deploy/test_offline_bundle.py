"""The offline bundle refuses what was altered, and names every part that is in it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.zygote import ROOT

OFFLINE = ROOT / "deploy" / "offline"
METADATA = "Metadata-Version: 2.4\nName: Some_Thing\nVersion: 1.2\nLicense-Expression: MIT\n"


def bundle(folder: Path, python: str) -> Path:
    """A bundle with nothing in it but what install.sh looks at first."""
    folder.mkdir()
    (folder / "install.sh").write_bytes((OFFLINE / "install.sh").read_bytes())
    (folder / "PYTHON").write_text(f"{python}\n")
    (folder / "app").mkdir()
    (folder / "app" / "main.py").write_text("print('whole')\n")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  ./{path.relative_to(folder)}" for path in files
    ]
    (folder / "SHA256SUMS").write_text("\n".join(sums) + "\n")
    return folder


def install(folder: Path, target: Path) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(folder / "install.sh"), str(target)]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def test_an_altered_bundle_installs_nothing(tmp_path: Path) -> None:
    altered = bundle(tmp_path / "bundle", "3.11")
    (altered / "app" / "main.py").write_text("print('evil')\n")
    said = install(altered, tmp_path / "opt")
    assert said.returncode == 1
    assert "安装包不完整或被改动" in said.stderr and "was altered" in said.stderr
    assert not (tmp_path / "opt").exists()


def test_a_bundle_for_another_python_says_which_it_wants(tmp_path: Path) -> None:
    said = install(bundle(tmp_path / "bundle", "3.99"), tmp_path / "opt")
    assert said.returncode == 1
    assert "需要 Python 3.99" in said.stderr and "Python 3.99 is needed" in said.stderr
    assert not (tmp_path / "opt").exists()


def test_the_list_of_parts_names_wheels_and_the_packages_of_the_console(tmp_path: Path) -> None:
    wheel = tmp_path / "wheels" / "some_thing-1.2-py3-none-any.whl"
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("some_thing-1.2.dist-info/METADATA", METADATA)
    command = [
        sys.executable,
        str(OFFLINE / "parts.py"),
        str(tmp_path),
        str(ROOT / "web/package-lock.json"),
        "9",
    ]
    told = json.loads(subprocess.run(command, capture_output=True, timeout=30, check=True).stdout)
    assert told["bomFormat"] == "CycloneDX"
    parts = {part["purl"]: part for part in told["components"]}
    thing = parts["pkg:pypi/some-thing@1.2"]
    assert thing["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(wheel.read_bytes()).hexdigest()}]
    assert thing["licenses"] == [{"license": {"name": "MIT"}}]
    names = {part["name"] for part in parts.values()}
    assert {"vue", "ol"} <= names and "vitest" not in names


@pytest.mark.parametrize("unit", sorted(path.name for path in (ROOT / "deploy/systemd").iterdir()))
def test_a_unit_names_only_settings_that_exist(unit: str) -> None:
    from app.config import Settings

    text = (ROOT / "deploy/systemd" / unit).read_text(encoding="utf-8")
    words = {word.strip("=,.;()") for line in text.splitlines() for word in line.replace("=", " ").split()}
    named = {word.removeprefix("ZHISHOU_").lower() for word in words if word.startswith("ZHISHOU_")}
    assert named <= set(Settings.model_fields)
