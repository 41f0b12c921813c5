"""The emulated providers, tried against the published shapes."""
