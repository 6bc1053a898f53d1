"""What a warning brings about (预警、响应、叫应): each in a package that knows none of the others."""
