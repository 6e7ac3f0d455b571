"""Calibration to mapped landslides: search, strength, susceptibility, and held-out scores."""
