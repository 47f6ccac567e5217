"""What moves leaving: hazard ratios of what is known of a customer at the start of a quarter, by way of leaving."""
