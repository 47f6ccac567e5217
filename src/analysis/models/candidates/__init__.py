"""The models that compete for the forecast, the simplest first, one file each."""
