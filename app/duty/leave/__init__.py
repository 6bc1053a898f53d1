"""Leave and whereabouts (请假外出): who cannot be on duty, and where leaders are."""
