"""What agencies' formats share."""
