"""What the simulated satellite phone understands, and what it always answers (HTDM1310E of 华力创通)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

SEND = re.compile(r"\+CMGS=([0-9]{1,3})\Z")
DIAL = re.compile(r"D(\+?[0-9*#]{1,20});\Z")
PLACE = re.compile(r"\+CMG[RD]=([0-9]{1,3})(?:,[0-4])?\Z")
NOTIFY = re.compile(r"\+CNMI=[0-9],([0-9])(?:,[0-9](?:,([0-9])(?:,[0-9])?)?)?\Z")

PLATE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "": (),
        "E0": (),
        "E1": (),
        "+CPIN?": ("+CPIN: READY, left times = 3",),
        "+CGMI": ("HWA",),
        "+CGMM": ("+CGMM: HTDM1310E",),
        "+CGMR": ("HWA BP HS 6.0.5",),
        "+CGSN": ("860000000000017",),
        "+CIMI": ("460110000000001",),
        "+CMGF?": ("+CMGF: 0",),
        "+CMGF=?": ("+CMGF: (0)",),
        "+CSCA?": ('+CSCA: "+8613800100500",145',),
        "+CPMS=?": ('+CPMS: ("SM"),("SM"),("SM")',),
        "+CSCS?": ('+CSCS: "GSM"',),
        "+CSCS=?": ('+CSCS: ("GSM")',),
    }
)
"""Questions that have the same answer at any time."""

SETTINGS = (
    *("Z", "&", "V1", "S", "+CMEE=", "+CFUN=", "+CREG=", "+CMGF=0", "+CSMS=", "+CMMS="),
    *("+CLIP=", "+CSCS=", "+CSCA=", "+CRC=", "^DSCI=", "^BEIDOU="),
)
"""Commands that set something and are answered by OK."""
