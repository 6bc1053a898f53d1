"""Who is out of contact (失联): units by their signs of life, the task to restore contact, its attempts."""
