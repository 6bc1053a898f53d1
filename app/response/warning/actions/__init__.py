"""What is done about warnings, each in the transaction of its caller."""
