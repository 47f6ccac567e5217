"""A table of estimates beside the truth, every line of which holds, does not, or is not judged."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

WORDS = {True: "yes", False: "NO", None: "-"}


@dataclass(frozen=True, eq=False)
class Table:
    """`rows` ends with the column `holds`: True, False, or None for a line that is shown and not judged."""

    name: str
    title: str
    rows: pd.DataFrame

    @property
    def holds(self) -> bool:
        return not any(each is False for each in self._held())

    def text(self) -> str:
        """The table as plain text under its title."""
        shown = self.rows.assign(holds=[WORDS[each] for each in self._held()])
        return f"{self.title}\n{shown.to_string(index=False, float_format=lambda value: f'{value:.4f}')}"

    def _held(self) -> list[bool | None]:
        return [None if pd.isna(each) else bool(each) for each in self.rows["holds"]]
