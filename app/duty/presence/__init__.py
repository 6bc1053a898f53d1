"""Presence (到岗): who has come, who has gone, which seat is empty or will be, who could fill it."""
