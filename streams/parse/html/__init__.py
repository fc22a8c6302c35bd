"""HTML made safe and taken apart."""
