"""Write the list of parts (SBOM, CycloneDX 1.6) of a bundle: its wheels and the packages of the console."""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from collections.abc import Iterator
from email.parser import BytesParser
from pathlib import Path
from typing import Any


def python_parts(wheels: Path) -> Iterator[dict[str, Any]]:
    """Yield each wheel with its hash and what its own metadata says of its licence."""
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as file:
            name = next(one for one in file.namelist() if one.endswith(".dist-info/METADATA"))
            told = BytesParser().parsebytes(file.read(name), headersonly=True)
        yield component(
            "pypi",
            told["Name"].lower().replace("_", "-"),
            told["Version"],
            told["License-Expression"] or _classified(told.get_all("Classifier") or []) or told["License"],
            ("SHA-256", hashlib.sha256(wheel.read_bytes()).hexdigest()),
        )


def console_parts(lock: Path) -> Iterator[dict[str, Any]]:
    """Yield each package that went into the console, by its lock file."""
    for path, told in sorted(json.loads(lock.read_text(encoding="utf-8"))["packages"].items()):
        name = path.rpartition("node_modules/")[2]
        if name and not told.get("dev"):
            yield component("npm", name, told["version"], told.get("license"), None)


def component(
    kind: str, name: str, version: str, licence: str | None, digest: tuple[str, str] | None
) -> dict[str, Any]:
    """Return one part as CycloneDX has it; a licence is the text the part itself gives."""
    purl = f"pkg:{kind}/{name.replace('@', '%40')}@{version}"
    found: dict[str, Any] = {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
    }
    if digest:
        found["hashes"] = [{"alg": digest[0], "content": digest[1]}]
    if licence:
        found["licenses"] = [{"license": {"name": licence.splitlines()[0][:100]}}]
    return found


def _classified(classifiers: list[str]) -> str:
    named = [
        one.rpartition(" :: ")[2] for one in classifiers if one.startswith("License :: OSI Approved :: ")
    ]
    return " AND ".join(named)


def main() -> None:
    """Print the list: parts.py BUNDLE package-lock.json VERSION."""
    bundle, lock, version = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    told = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "zhishou", "version": version}},
        "components": [*python_parts(bundle / "wheels"), *console_parts(lock)],
    }
    json.dump(told, sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
