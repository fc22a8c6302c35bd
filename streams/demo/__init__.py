"""The sample event: what three newsrooms pushed in an hour, played in a minute, and a check of what came out."""
