"""Drills (无脚本演练): scripts with hidden injects, controllers, pausing for the real, evaluation."""
