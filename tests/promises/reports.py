"""The data chapter of a small provider, made by the real command line."""

from __future__ import annotations

import io
import shutil
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup
from pypdf import PdfReader
from tests.promises.provider import ROOT, linecard


@dataclass(frozen=True)
class Made:
    """A finished report: its HTML, its pages of PDF as text, and what the command printed."""

    html: BeautifulSoup
    pages: list[str]
    printed: str


def params(folder: Path, *lines: str) -> str:
    """Write the params file of the fourth quarter of 2024 for the source in the folder; its path, relative to that."""
    path = folder / "params" / "quarterly" / "2024-Q4.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["quarter: 2024-Q4", "source: acme", *lines, ""]), encoding="utf-8")
    return path.relative_to(folder).as_posix()


def report(folder: Path, *lines: str, options: tuple[str, ...] = ()) -> Made:
    """Run the data chapter for the source that was written into `folder`."""
    (folder / "notebooks").mkdir()
    shutil.copyfile(ROOT / "notebooks" / "10_data.ipynb", folder / "notebooks" / "10_data.ipynb")
    ended = linecard(folder, "run", params(folder, *lines), *options)
    assert ended.returncode == 0, ended.stderr
    made = folder / "reports" / "2024-Q4"
    pages = PdfReader(io.BytesIO((made / "report.pdf").read_bytes())).pages
    html = BeautifulSoup((made / "report.html").read_text(encoding="utf-8"), "html.parser")
    return Made(html, [page.extract_text() for page in pages], ended.stdout + ended.stderr)
