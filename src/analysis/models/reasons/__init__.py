"""Why each active customer is at risk: what every covariate adds to the log hazard, against the base's mean."""
