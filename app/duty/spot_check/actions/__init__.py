"""What people do with spot checks, one module a noun."""
