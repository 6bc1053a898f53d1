from tests.api.desk import desk
from tests.county import county, county_url
from tests.world import world

__all__ = ["county", "county_url", "desk", "world"]
