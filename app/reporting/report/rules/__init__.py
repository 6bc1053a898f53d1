"""What a written report says, how its text comes about and which steps it may take. Pure."""
