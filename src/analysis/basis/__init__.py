"""Words every floor shares: errors, quarters, metrics, rounding, YAML documents."""
