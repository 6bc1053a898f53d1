"""Every SQL statement about documents and their drafts."""
