"""XML from strangers: a reader that refuses what may harm, content models as data, a writer."""
