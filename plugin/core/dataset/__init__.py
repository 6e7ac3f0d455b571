"""Data sets: scenarios planned, simulated by the engine and stored, for training and judging networks."""
