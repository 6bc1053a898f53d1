"""Every SQL statement about warnings."""
