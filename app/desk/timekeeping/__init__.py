"""The clock of each node is watched: a step of it is a fact, and what is due stays due at its instant."""
