"""Relief supplies (物资): what lies where, who gets it from which store, and books that always balance."""
