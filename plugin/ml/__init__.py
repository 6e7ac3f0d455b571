"""The networks; torch is imported only here, when a network is first used."""
