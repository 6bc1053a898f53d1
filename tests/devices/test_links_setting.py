"""The setting that says which machine is on which cable."""

from __future__ import annotations

import pytest

from app.devices.links.serial import SerialLink, parse_links
from app.devices.talk_groups import parse_talk_groups


@pytest.mark.parametrize(
    ("setting", "links"),
    [
        ("", []),
        (" , ", []),
        ("rdss21=/dev/ttyUSB0", [SerialLink("rdss21", "/dev/ttyUSB0", 115_200)]),
        ("rdss21=/dev/ttyUSB0@19200", [SerialLink("rdss21", "/dev/ttyUSB0", 19_200)]),
        (
            "rdss21=/dev/ttyUSB0@9600, rdss40=socket://10.1.2.3:4001",
            [
                SerialLink("rdss21", "/dev/ttyUSB0", 9600),
                SerialLink("rdss40", "socket://10.1.2.3:4001"),
            ],
        ),
    ],
)
def test_a_setting_names_family_place_and_speed(setting: str, links: list[SerialLink]) -> None:
    assert parse_links(setting) == links


@pytest.mark.parametrize("setting", ["/dev/ttyUSB0", "rdss21=", "rdss21=/dev/ttyUSB0@fast", "=/dev/x"])
def test_a_setting_that_cannot_be_meant_is_refused_with_an_example(setting: str) -> None:
    with pytest.raises(ValueError, match="rdss21=/dev/ttyUSB0@115200"):
        parse_links(setting)


def test_a_setting_names_talk_groups() -> None:
    assert parse_talk_groups(" 1=全市通播组, 101 = 临溪镇组 ,") == {"1": "全市通播组", "101": "临溪镇组"}
    assert parse_talk_groups("") == {}


@pytest.mark.parametrize("setting", ["101", "101=", "=临溪", "一=临溪", "1=甲,1=乙", "1=" + "长" * 41])
def test_talk_groups_that_cannot_be_meant_are_refused(setting: str) -> None:
    with pytest.raises(ValueError, match="通话组"):
        parse_talk_groups(setting)
