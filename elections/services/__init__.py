"""Every write of the elections app, by noun: campaigns, stages (and, beside them, the facts of each stage)."""
