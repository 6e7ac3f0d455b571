"""Data sets: scenarios that are planned, simulated by the engine and stored, to train and evaluate networks."""
