"""Runs that algorithms share: a table, a probability, a map in windows, an inventory, a check by the engine."""
