"""Prints of the duty log: one document, written as PDF and as DOCX (domain/rules B8)."""
