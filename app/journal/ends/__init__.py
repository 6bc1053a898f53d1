"""Where each stream of the journal ends, and how it goes on."""
