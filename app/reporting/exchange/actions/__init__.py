"""What happens to reports between houses: one function a transaction."""
