"""What is done with plans, one function a transaction."""
