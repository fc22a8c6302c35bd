"""The settings, a section a file; `streams.settings.model` puts them together."""
