"""The network, for the command line alone: a careful client, and what it asks of sites and of registries."""
