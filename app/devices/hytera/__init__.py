"""370 MHz radios through Hytera equipment: a repeater by UDP (HSTRP), or a mobile radio on a cable (HRNP)."""

from __future__ import annotations

from app.devices.driver import Driver, Rig
from app.devices.hytera.links import CableLink, parse_links
from app.devices.hytera.mobile import MobileRadio
from app.devices.hytera.repeater import Repeater
from app.devices.hytera.texts import texts_of


def drivers(rig: Rig) -> list[Driver]:
    """Return one driver for each link of the setting `hytera_links`. Raises ValueError."""
    texts = texts_of(rig)
    return [
        MobileRadio(link, rig, texts) if isinstance(link, CableLink) else Repeater(link, rig, texts)
        for link in parse_links(rig.settings.hytera_links)
    ]
