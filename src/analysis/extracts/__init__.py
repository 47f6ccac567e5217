"""Raw extracts in, contract tables out: mapping, reading, checking, and the demo provider."""
