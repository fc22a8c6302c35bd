"""How the archive came to its present form, a step a file."""
