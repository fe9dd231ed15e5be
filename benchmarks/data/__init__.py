"""A trade of 36 months, made by SQL: the same rows for the same size, whatever the machine."""
