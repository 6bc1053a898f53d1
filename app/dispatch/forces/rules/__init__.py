"""Pure rules of the register of forces."""
