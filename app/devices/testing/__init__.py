"""Device tests (定期调试): asked automatically where a device can answer, noted by hand otherwise."""
