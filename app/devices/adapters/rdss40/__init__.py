"""Beidou short-message machines that speak the binary protocol RDSS 4.0 (北斗一号用户机数据接口要求 4.0)."""

from __future__ import annotations

from app.devices.adapter import Adapter
from app.devices.adapters.rdss40.codec import FAMILY, Rdss40Codec

__all__ = ["ADAPTER", "Rdss40Codec"]

ADAPTER = Adapter(
    family=FAMILY, title_zh="北斗短报文机 RDSS 4.0", title_en="Beidou machine, RDSS 4.0", codec=Rdss40Codec
)
