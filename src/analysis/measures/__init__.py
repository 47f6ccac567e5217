"""Definitions as functions: rates and their intervals, classes, and what may be published."""
