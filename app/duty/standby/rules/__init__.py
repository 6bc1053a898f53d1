"""Pure decisions of readiness: how many are needed, how a day stands, what a month is worth."""
