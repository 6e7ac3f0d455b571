"""The Processing algorithms: they read parameters, call ``core`` or ``ml``, and write rasters and numbers."""
