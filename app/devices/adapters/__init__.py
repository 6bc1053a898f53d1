"""One file or folder per device family; the catalogue finds them."""
