"""What people and the wire do with broadcasts, one function a transaction."""
