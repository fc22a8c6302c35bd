"""How revisions reach subscribers, whatever the transport."""
