"""Runs work in processes of this machine or on a dask cluster."""
