"""Pure decisions on drills: what a script says, when an inject is due, what a result is worth."""
