"""Training of the networks: data, losses, loop, model cards."""
