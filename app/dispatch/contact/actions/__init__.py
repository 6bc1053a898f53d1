"""What happens to contact: the watch, the task, the board."""
