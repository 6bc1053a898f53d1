"""Every SQL statement of the statistics: what is counted, and how a figure or its list is made of it."""
