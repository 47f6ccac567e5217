"""What to do, for whom, at what cost, and whether it worked."""
