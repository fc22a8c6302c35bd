"""Reading a topic again: in the order of its records' own times, at a speed, to standard output or another topic."""
