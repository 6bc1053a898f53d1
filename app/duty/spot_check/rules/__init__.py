"""Pure decisions of spot checks."""
