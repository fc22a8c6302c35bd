"""Whether two posts of different sources report the same."""
