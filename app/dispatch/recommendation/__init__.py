"""Which forces go (力量推荐): what an incident needs, who could go, who should, and what is missing."""
