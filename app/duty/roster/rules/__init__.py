"""The decisions of rostering (排班): pure, on plain data. Persons are ints, instants are aware datetimes."""
