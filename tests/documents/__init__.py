"""Documents: numbers, archive, templates, paper."""
