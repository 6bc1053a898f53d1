"""Orders (指令/调度令): numbered, acknowledged, reported on, supervised, closed out."""
