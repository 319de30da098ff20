"""The pages of the ground work: the first two stages, and the ledgers."""
