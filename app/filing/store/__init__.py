"""Every SQL statement about numbers and archived documents."""
