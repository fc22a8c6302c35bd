"""How entries go out: one reader of the log, an archive beside it, and many subscribers; and how documents come in."""
