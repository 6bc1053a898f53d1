"""What happens in call-and-respond: one function a transaction."""
