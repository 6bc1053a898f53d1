from tests.broadcast.links import linked
from tests.county import county, county_url
from tests.world import world

__all__ = ["county", "county_url", "linked", "world"]
