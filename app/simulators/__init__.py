"""Programs that behave like real devices, for tests and the demo."""
