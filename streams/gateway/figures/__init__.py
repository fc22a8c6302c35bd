"""What was reported when: figures over time."""
