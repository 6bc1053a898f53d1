"""Vehicle and handheld terminals by JT/T 808-2011, -2013 and -2019 (部标终端)."""

from __future__ import annotations

from app.devices.adapter import Adapter
from app.devices.adapters.jt808.codec import FAMILY, Jt808Codec
from app.devices.adapters.jt808.frame import Terminal

__all__ = ["ADAPTER", "Jt808Codec", "Terminal"]

ADAPTER = Adapter(family=FAMILY, title_zh="部标终端 JT/T 808", title_en="JT/T 808 terminal", codec=Jt808Codec)
