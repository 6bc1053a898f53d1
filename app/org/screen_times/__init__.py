"""When whose screen was open, and how much of the journal it had: who knew what when."""
