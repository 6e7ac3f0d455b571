"""Infinite slope, slope Green-Ampt infiltration and lateral groundwater: an independent implementation.

One process a module. The formulas take the array functions' namespace ``xp`` (numpy or torch)
from the caller, so that the same lines serve the engine, the networks and the GPU.
"""
