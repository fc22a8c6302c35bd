"""How revisions reach a subscriber."""
