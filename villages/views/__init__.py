"""Pages of the villages app: the roster; accounts, postings and the audit log of the three administrators."""
