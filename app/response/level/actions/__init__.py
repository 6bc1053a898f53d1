"""What is done with responses, one function a transaction."""
