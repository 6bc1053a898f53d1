"""What may have come in twice (对账): pairs to look at, each with why; nothing is rewritten."""
