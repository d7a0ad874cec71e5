"""The benchmark of text reuse: relays of known truth, what is found of them, by us and by others."""
