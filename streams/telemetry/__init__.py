"""What every process tells of itself."""
