"""What dispatch does: one function per transaction — load, decide, apply, journal last."""
