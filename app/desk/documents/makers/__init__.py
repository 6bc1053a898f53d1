"""Who puts a noun into the words of a document."""
