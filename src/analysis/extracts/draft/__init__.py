"""Drafts a source's mapping from extracts nobody has described: samples, profiles, keys, likeness, SELECTs."""
