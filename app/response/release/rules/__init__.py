"""Pure decisions about a release."""
