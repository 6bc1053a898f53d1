"""Whether the public network is there: asked of addresses outside."""
