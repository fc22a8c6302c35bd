"""Thin drivers between the runtime and the pure rooms."""
