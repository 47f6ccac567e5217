"""One quarter from start to finish: params, notebooks, report."""
