from tests.api.desk import desk
from tests.county import county, county_url
from tests.dark.county import Dark, dark
from tests.world import world

__all__ = ["Dark", "county", "county_url", "dark", "desk", "world"]
