"""Uncertain parameters and the probability of failure."""
