"""Estimates with intervals: survival curves and the tests that compare them."""
