"""Floor 3: the build: generated sources, what is out of date, what is left over."""
