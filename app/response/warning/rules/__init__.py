"""What messages of warnings mean: chains, areas, differences, proposals. Pure."""
