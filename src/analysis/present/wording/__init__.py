"""Sentences with numbers, from the same values the charts and tables show; one module per chapter."""
