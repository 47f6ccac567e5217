"""Charts: each module has one function that takes a tidy table and the words around it, and returns a `Chart`."""
