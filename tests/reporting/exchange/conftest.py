from tests.county import county, county_url
from tests.reporting.exchange.houses import city_house_url, houses
from tests.world import world

__all__ = ["city_house_url", "county", "county_url", "houses", "world"]
