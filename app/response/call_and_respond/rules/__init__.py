"""Pure decisions of call-and-respond."""
