"""Themes: what tickets are about, in the customers' own words, by words that many of them use."""
