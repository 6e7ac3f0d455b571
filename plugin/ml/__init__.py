"""The networks: the only home of torch, which is imported when a network is first used."""
