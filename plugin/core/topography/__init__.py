"""Slope, flow paths and faults of elevation models."""
