"""Numbers in; sentences, tables and charts out, each an object a notebook cell can show."""
