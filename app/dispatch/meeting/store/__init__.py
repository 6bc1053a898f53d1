"""Every SQL statement about meetings: what stays in `meetings`, who is there now in `peers`."""
