"""Tables beside a broadcast: files, verifications, repairs."""
