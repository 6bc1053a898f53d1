"""Decisions about broadcasts: functions of plain data and `now`."""
