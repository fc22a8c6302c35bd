"""A partition that this worker owns."""
