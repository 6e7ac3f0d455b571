"""Maps larger than memory: solved window by window, with the answer of the whole map."""
