"""The editors' page: alerts as they come, rules, sources and sinks; whole without JavaScript."""
