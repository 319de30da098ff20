"""The demonstration campaign: invented people, real services. Nothing imports this app."""
