"""One cause, one open task: what becomes a task by one press or by itself."""
