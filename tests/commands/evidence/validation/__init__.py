"""The physics against closed forms, conservation laws, its own convergence and other programs; see ``validate.py``."""
