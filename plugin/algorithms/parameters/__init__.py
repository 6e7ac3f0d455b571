"""Groups of parameters that several algorithms share."""
