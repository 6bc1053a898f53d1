"""What people do about readiness: one transaction each."""
