"""台账: the bytes of an entry, the tree over them, the signed checkpoint, and the check of all three."""
