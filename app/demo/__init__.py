"""The fictional city 樟川市 and its simulators."""
