"""The ladder of an order nobody answers: rungs, who is asked, timers."""
