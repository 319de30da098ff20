"""Every write about people standing: recommendation, selection (stages 8 to 11), ballots (stages 13 and 14)."""
