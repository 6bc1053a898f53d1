"""Documents on paper: plain words and a table, written as PDF and as DOCX (domain/rules B8)."""
