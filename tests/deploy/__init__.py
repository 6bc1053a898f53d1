"""What stands in deploy/: the offline bundle, units for systemd."""
