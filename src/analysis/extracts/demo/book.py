"""The rows a chunk has made so far, by table: columns of numbers, turned into text only when written."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

Columns = dict[str, NDArray[Any]]


class Book:
    """Rows of a chunk; `customer` is the account's place in the chunk until they are written."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Columns]] = defaultdict(list)

    def add(self, table: str, **columns: Any) -> None:
        """Add rows; single values are repeated."""
        size = max(np.size(values) for values in columns.values()) if columns else 0
        if any(np.ndim(values) and len(values) == 0 for values in columns.values()):
            return
        filled = {name: np.broadcast_to(np.asarray(values), size) for name, values in columns.items()}
        self._parts[table].append(filled)

    def wants(self, table: str) -> bool:
        """Whether rows of a table are kept at all."""
        del table
        return True

    def rows(self, table: str) -> Columns:
        """All rows of a table so far, in the order they were added; an empty dictionary where there are none."""
        parts = self._parts.get(table, [])
        if not parts:
            return {}
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def forget(self, *tables: str) -> None:
        """Drop all rows of some tables."""
        for table in tables:
            self._parts.pop(table, None)
