"""Every SQL statement of the register of forces."""
