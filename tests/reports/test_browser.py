"""The page in a real browser, at the width of a desk and of a phone, and the PDF as pictures."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

pytestmark = pytest.mark.browser
WIDTHS = {"desk": 1280, "phone": 375}
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--allow-file-access-from-files",
)


# A page around the report, of the width asked for: it measures the report from outside, for the report runs no script.
FRAME = """<!doctype html><body style="margin:0">
<iframe src="{page}" style="border:0;width:{width}px;height:900px"></iframe>
<pre id="measured"></pre><script>
onload = () => {{
  const page = document.querySelector("iframe").contentDocument, root = page.documentElement;
  const blocks = [...page.querySelectorAll("p, h1, h2, h3, li, figure, img")];
  const wide = blocks.filter(
    one => !one.closest(".table-wrap, figure") && one.getBoundingClientRect().right > {width} + 1);
  const unseen = [...page.images].filter(one => !one.complete || one.naturalWidth === 0);
  measured.textContent = JSON.stringify({{
    width: root.scrollWidth, height: root.scrollHeight,
    wide: wide.length, unseen: unseen.length, images: page.images.length }});
}};
</script></body>"""


def chromium(tmp: Path, *arguments: str) -> str:
    ended = subprocess.run(
        ["chromium", *QUIET, f"--user-data-dir={tmp / 'profile'}", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return ended.stdout


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_the_page_fits_its_window_and_shows_every_picture(demo, tmp_path, width):
    frame = tmp_path / "frame.html"
    frame.write_text(FRAME.format(page=(demo.folder / "report.html").resolve().as_uri(), width=width))
    page = chromium(tmp_path, "--virtual-time-budget=10000", "--dump-dom", frame.as_uri())
    measured = re.search(r'<pre id="measured">(.*?)</pre>', page)[1]
    got = dict(re.findall(r'"(\w+)":(\d+)', measured))
    assert int(got["width"]) <= width, "the page scrolls sideways"
    assert (got["wide"], got["unseen"]) == ("0", "0")
    assert int(got["images"]) >= 8
    assert int(got["height"]) > 3000


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_the_first_screen_is_not_blank(demo, tmp_path, width):
    picture = tmp_path / "page.png"
    page = (demo.folder / "report.html").resolve().as_uri()
    chromium(tmp_path, f"--screenshot={picture}", f"--window-size={width},1600", page)
    assert inked(picture) > 0.01


def test_no_page_of_the_pdf_is_blank_or_cut(demo, tmp_path):
    subprocess.run(
        ["pdftoppm", "-r", "40", "-png", str(demo.folder / "report.pdf"), str(tmp_path / "page")],
        check=True,
        timeout=120,
    )
    pages = sorted(tmp_path.glob("page-*.png"))
    assert len(pages) == len(demo.pdf.pages)
    for page in pages:
        assert inked(page) > 0.003, f"{page.name} is nearly blank"
        assert margins(page) == 0, f"{page.name} has ink on its edge"


def inked(picture: Path) -> float:
    """The share of pixels that are not white."""
    return float((imread(picture)[..., :3].min(axis=-1) < 0.9).mean())


def margins(picture: Path) -> int:
    """Dark pixels in the outermost millimetres, left and right."""
    image = imread(picture)[..., :3].min(axis=-1)
    edge = round(image.shape[1] * 0.02)
    return int(np.count_nonzero(np.concatenate([image[:, :edge], image[:, -edge:]], axis=1) < 0.5))
