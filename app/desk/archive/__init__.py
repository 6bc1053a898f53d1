"""Everything that was ever written in the journal, found by its words within two seconds."""
