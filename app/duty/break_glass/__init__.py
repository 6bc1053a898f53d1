"""The sealed emergency login (应急账号): when nobody can log in, and never without an alarm."""
