"""The level of an incident (事件分级): what the figures call for, by which clause (domain/rules B2)."""
