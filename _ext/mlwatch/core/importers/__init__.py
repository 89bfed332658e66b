"""Importers: one file a format, behind the protocol in :mod:`.base`."""
