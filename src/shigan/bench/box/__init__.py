"""The ballot box under load: ballots in a second, and whether its answers tell the right codes from wrong."""
