"""Outgoing messages: ladder, queue, receipts."""
