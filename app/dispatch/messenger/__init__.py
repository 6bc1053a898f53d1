"""Messengers (通信员) sent on foot where no means works: expected back, overdue, what they bring."""
