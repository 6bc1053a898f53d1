"""Pure decisions of the duty log."""
