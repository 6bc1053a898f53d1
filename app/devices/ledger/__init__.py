"""The device register (设备台账): who holds what, is it heard, did it pass its last test."""
