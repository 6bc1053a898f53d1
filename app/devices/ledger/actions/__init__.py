"""Changes to the register: one device by hand, many by a sheet."""
