"""Forms of the villages' people and of the users. One module a noun."""
