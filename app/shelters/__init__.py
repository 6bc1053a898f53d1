"""Shelters and evacuation (避难场所、转移安置): where people can go, who has gone, who has come home."""
