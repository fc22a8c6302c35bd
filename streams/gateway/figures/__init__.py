"""Figures over time: what was reported when."""
