"""Cross-border notices (跨区通报): a neighbouring command centre is told of an incident, or takes it over."""
