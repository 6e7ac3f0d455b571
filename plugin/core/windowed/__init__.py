"""Maps larger than memory, solved window by window with the result of the whole map."""
