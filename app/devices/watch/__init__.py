"""Watch over the devices: batteries that run low, voices that fall silent, devices that leave their area."""
