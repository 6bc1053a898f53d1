from tests.devices.platform import platform
from tests.world import world

__all__ = ["platform", "world"]
