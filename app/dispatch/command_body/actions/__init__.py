"""Actions of command bodies: the register, and who commands an incident."""
