"""User interface: dialogs that fill in parameters, run algorithms and show results."""
