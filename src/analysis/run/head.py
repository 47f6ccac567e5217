"""What stands over a report and under it: titles, dates, and the fixed words of each language."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from babel.dates import format_date

LANGUAGE_TAG = {"en": "en", "zh": "zh-Hans"}
DATE_PATTERN = {"en": "d MMMM y", "zh": "y年M月d日"}
WORDS = {
    "en": {
        "contents": "Contents",
        "sections": "Sections of {chapter}",
        "quarter": "Quarter",
        "as_of": "As of",
        "source": "Source",
        "skip": "Skip to the report",
        "page": "Page {page} of {pages}",
        "made_by": "Made with Linecard {version} from {source}, as of {day}",
    },
    "zh": {
        "contents": "目录",
        "sections": "“{chapter}”各节",
        "quarter": "季度",
        "as_of": "截至",
        "source": "数据来源",
        "skip": "跳到正文",
        "page": "第 {page} 页，共 {pages} 页",
        "made_by": "Linecard {version} 生成，数据来源 {source}，截至 {day}",
    },
}


@dataclass(frozen=True)
class ReportHead:
    """What a reader sees before the first chapter; `notices` are warnings that hold for the whole report."""

    title: str
    subtitle: str
    source: str
    quarter: str
    as_of: dt.date
    language: Literal["en", "zh"]
    version: str
    notices: tuple[str, ...] = ()

    @property
    def words(self) -> dict[str, str]:
        """The fixed words of the report's language."""
        return WORDS[self.language]

    @property
    def language_tag(self) -> str:
        """The language as HTML writes it."""
        return LANGUAGE_TAG[self.language]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Label and text of each line under the title."""
        said = (("quarter", self.quarter), ("as_of", self.day), ("source", self.source))
        return [(self.words[word], text) for word, text in said]

    @property
    def day(self) -> str:
        """The as-of date in words: `30 September 2026`."""
        return str(format_date(self.as_of, format=DATE_PATTERN[self.language], locale=self.language))

    @property
    def marks(self) -> list[str]:
        """The notices in a word or two, for the head of every page: "Partial quarter: …" is a partial quarter."""
        return [notice.partition(": ")[0] for notice in self.notices if ": " in notice[:40]]

    @property
    def imprint(self) -> str:
        """The footer line: program, source and date of the data, never the clock."""
        return self.words["made_by"].format(version=self.version, source=self.source, day=self.day)
