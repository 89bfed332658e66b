"""Floor 1: what Sphinx needs of us first: settings and warnings."""
