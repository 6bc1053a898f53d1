"""Judge what three tools said: what nobody exempted, exemptions that meet nothing, what could not be asked.

Exit status 1 for a finding, 0 otherwise: what could not be asked is printed, and never called clean.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
BIN = ROOT / ".venv-audit" / "bin"
EXEMPT = ROOT / "deploy" / "audit-exempt.tsv"


class NotAsked(Exception):
    """A tool could not learn what it needed."""


class Finding(NamedTuple):
    """What a tool found, and where: a path, or a package."""

    tool: str
    id: str
    where: str
    said: str


def bandit() -> Iterator[Finding]:
    """Read our own code, medium and above."""
    command = ["-q", "-r", "--severity-level", "medium", "-f", "json", "app", "deploy"]
    for one in _told([str(BIN / "bandit"), *command])["results"]:
        yield Finding("bandit", one["test_id"], one["filename"], f"{one['line_number']}: {one['issue_text']}")


def pip_audit() -> Iterator[Finding]:
    """Ask for known weaknesses of the Python packages that an installation has."""
    command = [
        "--disable-pip",
        "--require-hashes",
        "--progress-spinner",
        "off",
        "--timeout",
        "15",
        "-f",
        "json",
    ]
    told = _told([str(BIN / "pip-audit"), *command, "-r", "deploy/requirements/run.txt"])["dependencies"]
    skipped = [one for one in told if "skip_reason" in one]
    if skipped:
        raise NotAsked(f"{len(skipped)} of {len(told)} packages: {skipped[0]['skip_reason']}")
    for one in told:
        for weak in one["vulns"]:
            yield Finding("pip-audit", weak["id"], one["name"], f"{one['version']} → {weak['fix_versions']}")


def npm_audit() -> Iterator[Finding]:
    """Ask for known weaknesses of what the console is built of."""
    told = _told(["npm", "audit", "--omit=dev", "--json"], ROOT / "web")
    if "vulnerabilities" not in told:
        raise NotAsked(told.get("message", "no answer"))
    for name, one in told["vulnerabilities"].items():
        yield Finding("npm-audit", one["severity"], name, one["range"])


def exemptions() -> list[tuple[str, str, str]]:
    """Return tool, id and pattern of each line; each must give its reason."""
    lines = EXEMPT.read_text(encoding="utf-8").splitlines()
    found = [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
    assert all(len(one) == 4 and len(one[3]) > 10 for one in found), "tool, id, where, why"
    return [(one[0], one[1], one[2]) for one in found]


def judge(ask: Callable[[], Iterator[Finding]], exempt: Sequence[tuple[str, str, str]]) -> bool:
    """Print what one tool found; False for a finding."""
    tool = ask.__name__.replace("_", "-")
    try:
        found = list(ask())
    except NotAsked as error:
        print(f"!! {tool}: 未作检查 / NOT CHECKED: {error}")
        return True
    own = [one for one in exempt if one[0] == tool]
    met = {
        one: [rule for rule in own if one.id == rule[1] and fnmatchcase(one.where, rule[2])] for one in found
    }
    open_ones = [one for one, rules in met.items() if not rules]
    used = {rule for rules in met.values() for rule in rules}
    for one in open_ones:
        print(f"!! {tool}: {one.id} {one.where} {one.said}")
    for rule in set(own) - used:
        print(f"!! {tool}: 豁免已无对应 / this exemption meets nothing: {' '.join(rule)}")
    print(f"· {tool}: {len(found)} 处, {len(found) - len(open_ones)} 处已豁免 / found, of them exempted")
    return not open_ones and used == set(own)


def _told(command: Sequence[str], folder: Path = ROOT) -> Any:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotAsked(repr(error)) from error
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise NotAsked((done.stderr.strip().splitlines() or ["no answer"])[-1]) from None


if __name__ == "__main__":
    rules = exemptions()
    well = [judge(ask, rules) for ask in (bandit, pip_audit, npm_audit)]
    sys.exit(not all(well))
