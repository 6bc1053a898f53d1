"""The duty log (值班日志): one chronological book, fed by the journal and by hand; nothing is altered."""
