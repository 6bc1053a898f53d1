"""The decisions of dispatch: pure, on plain data, with `now` as an argument."""
