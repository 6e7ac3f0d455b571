"""Compares maps with mapped landslides, and solvers with the physics engine."""
