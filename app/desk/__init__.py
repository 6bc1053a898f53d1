"""The duty desk: snapshot, timeline, leader's board."""
