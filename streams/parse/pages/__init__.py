"""What the formats of web pages share."""
