"""The radio log (电台通话记录): who talked, in which group, how long."""
