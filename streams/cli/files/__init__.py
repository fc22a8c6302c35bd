"""Files given on the command line, as documents."""
