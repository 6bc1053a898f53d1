"""Command bodies (指挥部): the register by hazard, and who commands an incident (domain/rules A1.8–A1.10)."""
