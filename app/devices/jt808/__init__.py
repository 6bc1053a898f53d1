"""JT/T 808 terminals that call by TCP (docs/devices/jt808.md)."""
