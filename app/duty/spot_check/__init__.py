"""Roll call and spot checks of duty posts (点名抽查): drawn, called, judged, circulated, scored."""
