"""The formats: a file or folder each, with the format's own name; the registry looks nowhere else."""
