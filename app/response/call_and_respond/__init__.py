"""Call-and-respond (预警叫应): a warning is heard when a named person says so, village by village."""
