from tests.api.desk import desk
from tests.world import world

__all__ = ["desk", "world"]
