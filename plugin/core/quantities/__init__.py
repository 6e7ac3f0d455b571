"""Numbers, units, hours and texts as files and people give them."""
