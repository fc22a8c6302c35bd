"""How the state database came to its present form, a step a file."""
