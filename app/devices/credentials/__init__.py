"""Since when devices have the passwords by which they prove themselves, and who renewed them (口令更换)."""
