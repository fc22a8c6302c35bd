"""Text without mark-up, line by line."""
