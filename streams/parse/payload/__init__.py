"""A document's bytes as text, JSON, HTML or XML, within bounds."""
