"""Inputs of the algorithms: layers, tables and numbers, read and checked."""
