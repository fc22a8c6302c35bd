"""Generations: what the workers write, beside one another, and the record that says which one is live."""
