"""Response levels (应急响应): proposed, decided by a commander, followed by duty."""
