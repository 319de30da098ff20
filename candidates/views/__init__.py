"""Pages about people standing: stages 6 to 11, 13 and 14, and the library of candidates."""
