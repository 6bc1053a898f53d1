"""Which of the nodes on one database keeps the clocks."""
