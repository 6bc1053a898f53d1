from __future__ import annotations

import pytest

from app.devices.adapters.hytera.frame import RCP, RRS, TMP
from app.devices.hytera.links import CableLink, Habits, RepeaterLink, parse_links
from app.devices.links.serial import SerialLink


def test_a_repeater_is_named_by_its_address_and_has_the_ports_it_was_delivered_with() -> None:
    (link,) = parse_links("hstrp://10.1.2.3")
    assert isinstance(link, RepeaterLink)
    assert (link.host, link.listen, link.habits) == ("10.1.2.3", "0.0.0.0", Habits())
    assert link == RepeaterLink("10.1.2.3")
    assert (link.ports[RRS, 1], link.ports[TMP, 2], link.ports[RCP, 2]) == (30001, 30008, 30010)


def test_ports_and_habits_may_be_others() -> None:
    setting = (
        "hstrp://10.1.2.3?listen=10.1.2.1&rrs=40001&tmp=40007;40008&id=9990001&subnet=12&renew=600"
        "&groups=101;102&chars=60&strict=1&ack=0&unproven=1"
    )
    (link,) = parse_links(setting)
    assert isinstance(link, RepeaterLink)
    assert (link.ports[RRS, 1], link.ports[TMP, 2]) == (40001, 40008)
    assert (RRS, 2) not in link.ports
    groups = frozenset((101, 102))
    assert link.habits == Habits(9_990_001, 12, 600, groups, 60, strict=True, ack=False, unproven=True)


def test_a_mobile_radio_hangs_on_a_serial_port_or_a_serial_server() -> None:
    links = parse_links("hrnp:///dev/ttyUSB0?baud=19200&groups=7, hrnp+tcp://10.1.2.3:4001,")
    assert links == [
        CableLink(SerialLink("hdap", "/dev/ttyUSB0", 19200), Habits(groups=frozenset((7,)))),
        CableLink(SerialLink("hdap", "socket://10.1.2.3:4001")),
    ]
    (by_usb,) = parse_links("hrnp://192.168.10.1")
    assert by_usb == CableLink(SerialLink("hdap", "udp://192.168.10.1:3005"))
    assert parse_links("") == []


@pytest.mark.parametrize(
    ("setting", "what"),
    [
        ("hstrp://10.1.2.3?rrs=7;7", "0.0.0.0:7"),
        ("hstrp://10.1.2.3,hstrp://10.1.2.4", "0.0.0.0:30001"),
        ("hstrp://10.1.2.3,hstrp://10.1.2.3?listen=10.1.2.1", "10.1.2.3"),
        ("hrnp:///dev/ttyUSB0,hrnp:///dev/ttyUSB0", "/dev/ttyUSB0"),
    ],
)
def test_no_two_links_share_a_place(setting: str, what: str) -> None:
    with pytest.raises(ValueError, match=f"电台设置中 {what} 用了两次"):
        parse_links(setting)


@pytest.mark.parametrize(
    "setting",
    [
        "10.1.2.3",
        "hstrp://",
        "hstrp://repeater.example",
        "hstrp://10.1.2.3?renew=1",
        "hstrp://10.1.2.3?renew=abc",
        "hstrp://10.1.2.3?strict=2",
        "hstrp://10.1.2.3?id=99999999999",
        "hstrp://10.1.2.3?colour=red",
        "hstrp://10.1.2.3?rrs=70000",
        "hstrp://10.1.2.3?renew",
        "hrnp://radio.example",
        "hrnp+tcp://10.1.2.3",
        "hrnp+tcp://10.1.2.3:port",
        "tcp:///dev/ttyUSB0",
    ],
)
def test_a_setting_that_names_no_link_says_so_in_both_languages(setting: str) -> None:
    with pytest.raises(ValueError, match=r"电台设置.* / radio link"):
        parse_links(setting)
