"""Pure rules of documents: what kinds there are, how a template lays one out."""
