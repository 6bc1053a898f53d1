"""`zhishou check-message`: one object a file, for whatever the file holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import cli
from app.codecs.check import check_files
from app.codecs.ebm.trial import CA, PLATFORM, trial_trust
from app.preflight import CannotStart
from tests.codecs.evidence import HERE, WHOLE, cases, is_accepted, needs_the_whole_set

KINDS = {"cap/cap_valid": "cap", "cap/cap_invalid": "cap", "cap/cap_cn12379": "12379", "ebm/": "ebm"}
LAYERS = {"security", "schema", "rule", "advice"}


def kind_of(name: str) -> str:
    return next(kind for prefix, kind in KINDS.items() if name.startswith(prefix))


def check(kind: str, *files: Path) -> list[dict[str, Any]]:
    return list(check_files(kind, files, trial_trust()))


def run(*arguments: str) -> list[dict[str, Any]]:
    result = CliRunner().invoke(cli, ["check-message", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize("record", [*cases(HERE, "cap/"), *cases(HERE, "ebm/")])
def test_every_message_of_ours_has_its_verdict(record: dict[str, Any]) -> None:
    (found,) = check(kind_of(record["file"]), HERE / record["file"])
    assert found["valid"] is is_accepted(record)
    assert found["valid"] or [one for one in found["findings"] if one["layer"] != "advice"]


@needs_the_whole_set
@pytest.mark.parametrize("record", [*cases(WHOLE, "cap/"), *cases(WHOLE, "ebm/")])
def test_every_message_of_the_whole_set_has_its_verdict(record: dict[str, Any]) -> None:
    assert WHOLE is not None
    (found,) = check(kind_of(record["file"]), WHOLE / record["file"])
    assert found["valid"] is is_accepted(record), found
    assert {one["layer"] for one in found["findings"]} <= LAYERS
    assert all(
        set(one) == {"layer", "code", "detail"} and " / " in one["detail"] for one in found["findings"]
    )


def test_the_command_prints_an_object_a_file_and_ends_well() -> None:
    good = HERE / "cap" / "cap_valid_26_cn_exercise.xml"
    bad = HERE / "cap" / "cap_invalid_38_polygon_not_closed.xml"
    assert run("cap", str(good), str(bad), "/nowhere") == [
        {"file": str(good), "valid": True, "findings": []},
        {
            "file": str(bad),
            "valid": False,
            "findings": [
                {
                    "layer": "rule",
                    "code": "BAD_POLYGON",
                    "detail": "第 14 行:多边形没有闭合,末点应与首点相同 / "
                    "line 14: polygon: not closed: the last point must be the first",
                }
            ],
        },
        {
            "file": "/nowhere",
            "valid": False,
            "findings": [
                {
                    "layer": "schema",
                    "code": "FILE_UNREADABLE",
                    "detail": "文件无法读取:No such file or directory / "
                    "the file cannot be read: No such file or directory",
                }
            ],
        },
    ]


def test_what_may_be_trusted_is_told_by_a_folder(tmp_path: Path) -> None:
    (tmp_path / "trial.ca").write_bytes(CA)
    (tmp_path / "platform.cert").write_text(PLATFORM.hex())
    signature = HERE / "ebm" / "ebm_valid_80_signature_2018.xml"
    assert run("ebm", "--trust", str(tmp_path), str(signature))[0]["valid"]


def test_what_cannot_be_checked_at_all_is_a_sentence_in_both_languages(tmp_path: Path) -> None:
    runner = CliRunner()
    for arguments, said in (
        (["check-message", "morse", "x"], "cap、12379、ebm\nUnknown kind"),
        (["check-message", "ebm", "--trust", str(tmp_path), "x"], "there is no"),
    ):
        with pytest.raises(CannotStart, match=said):
            runner.invoke(cli, arguments, catch_exceptions=False)


@pytest.mark.parametrize(
    "data", [b"", b"\0", b"<", b"hello", "\ufeff<EBD/>".encode("utf-16"), b"\x1f\x8b" * 400]
)
@pytest.mark.parametrize("kind", ["cap", "12379", "ebm"])
def test_no_file_is_too_strange(kind: str, data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "strange"
    file.write_bytes(data)
    (found,) = check(kind, file)
    assert not found["valid"]
    assert found["findings"]
    (folder,) = check(kind, tmp_path)
    assert folder["findings"][0]["code"] == "FILE_UNREADABLE"
