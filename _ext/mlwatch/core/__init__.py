"""Floor 0: the model of the collection in pure Python (no Sphinx, no docutils)."""
