"""What people do with written reports: one function a transaction."""
