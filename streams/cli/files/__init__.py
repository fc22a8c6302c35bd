"""What commands read from files."""
