"""Times of assignments and what they amount to per team, township and month."""
