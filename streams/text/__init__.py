"""What several steps read in a text: numbers; pure."""
