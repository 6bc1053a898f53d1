"""Pure rules of documents: how a template is read, how a number is written."""
