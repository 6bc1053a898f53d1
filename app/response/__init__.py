"""What a warning or an incident sets in motion: calls that are answered, plans, levels of response."""

"""What a warning brings about (预警、响应、叫应): each in a package that knows none of the others."""
