"""Fields shared by the dialogs: numbers, units, layers and the solver."""
