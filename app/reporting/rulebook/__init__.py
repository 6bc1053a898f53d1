"""The county's rules of reporting as versions: drafted, tried, published from an instant on."""
