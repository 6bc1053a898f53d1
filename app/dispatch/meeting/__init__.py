"""Meetings by video (视频会商) and roll calls by video (视频点名): who is called, who came, how quickly."""
