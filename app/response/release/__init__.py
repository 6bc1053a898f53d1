"""A release of something dangerous: its sector, what is measured, who signs that it is over."""
