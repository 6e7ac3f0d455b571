"""The Processing algorithms: parameters in, ``core`` or ``ml`` works, rasters and numbers out."""
