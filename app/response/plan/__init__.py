"""Plans (预案): the register, action cards, and a card put into force."""
