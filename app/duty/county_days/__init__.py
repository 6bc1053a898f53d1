"""Days a county settles otherwise than the state's calendar: a holiday of its own, a week-end it works."""
