"""Who may read what: tokens, and the rights that they give."""
