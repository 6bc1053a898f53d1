"""Documents are filed, written, signed and dropped."""
