"""The demo: the fictional city written into a database, and the process tree that brings it to life."""
