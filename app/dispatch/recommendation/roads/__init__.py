"""A road service of the county's own (OSRM or Valhalla): driving times by the road network."""
