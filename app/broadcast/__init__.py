"""Emergency broadcast (应急广播): messages to loudspeakers, and the wire to the platforms that carry them."""
