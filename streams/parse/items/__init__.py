"""What lists of posts and JSON APIs share."""
