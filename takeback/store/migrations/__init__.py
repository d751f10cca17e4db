"""How the database came to its shape, one step a file. A released step is never edited."""
