"""Attachments of incidents and notices: photos, sound, documents, each kept once under its hash."""
