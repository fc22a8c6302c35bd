"""What a source wrote about time, as an instant."""
