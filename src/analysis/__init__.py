"""Linecard: customer analytics for internet and telecom providers."""

__version__ = "0.1.0"
