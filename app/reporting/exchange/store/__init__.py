"""Every SQL statement about peers, what goes to them and what came from them."""
