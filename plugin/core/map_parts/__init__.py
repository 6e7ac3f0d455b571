"""A map in parts: strips, overlapping windows, threads, and what a window needs to know of the whole."""
