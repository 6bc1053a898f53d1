"""What may pass between houses and what it means. Pure."""
