"""What leaves as a sheet says whence it is, and can be checked by anybody."""
