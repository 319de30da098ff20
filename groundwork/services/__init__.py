"""Every write of the ground work: the facts of the first two stages, and the ledgers."""
