"""Makes the two font files of this folder: Noto Sans SC, Regular and Bold, cut down to GB2312 and Latin.

Run once, by hand, with a Python that has fontTools (README.md says how); no other module imports this one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

IN_WHEEL = "justmytype_intl_cjk/fonts/ofl/notosanssc/"
WEIGHTS = {"Regular": 400, "Bold": 700}
LATIN = ((0x0020, 0x007E), (0x00A0, 0x017F), (0x20AC, 0x20AC), (0x2122, 0x2122))
PUNCTUATION = ((0x2010, 0x2027), (0x2030, 0x203E), (0x3000, 0x3017), (0xFF01, 0xFF5E), (0xFFE5, 0xFFE5))
SIGNS = ((0x2190, 0x2193), (0x2212, 0x2212), (0x2248, 0x2248), (0x2260, 0x2265))
FEATURES = "kern,mark,mkmk,ccmp,locl,liga,pwid"  # pwid: punctuation as narrow as Latin text wants it


def gb2312() -> Iterator[int]:
    """Code points of GB2312: 682 signs and 6,763 Chinese characters."""
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            yield from map(ord, bytes((row, cell)).decode("gb2312", errors="ignore"))


def kept_characters() -> str:
    """Code points both files hold, as fontTools reads them."""
    others = {code for first, last in LATIN + PUNCTUATION + SIGNS for code in range(first, last + 1)}
    return ",".join(f"{code:04X}" for code in sorted(others | set(gb2312())))


def write_weight(variable: Path, *, weight: int, path: Path) -> None:
    """Writes one weight of the variable font with only the kept characters; same input, same bytes."""
    whole, kept = variable.with_name(f"{weight}.ttf"), variable.with_name("kept.txt")
    kept.write_text(kept_characters(), encoding="ascii")
    cut, shape = f"--unicodes-file={kept}", f"--layout-features={FEATURES}"
    names, notdef = "--name-IDs=0,1,2,3,4,5,6,13,14", "--notdef-outline"
    tool("varLib.instancer", variable, f"wght={weight}", "--update-name-table", "--no-recalc-timestamp", "-o", whole)
    tool("subset", whole, cut, shape, names, notdef, "--no-hinting", f"--output-file={path}")


def tool(name: str, *arguments: object) -> None:
    """Runs a fontTools command. Imported by name, because the product itself does not need fontTools."""
    import_module(f"fontTools.{name}").main([str(one) for one in arguments])


def write_fonts(wheel: Path, *, folder: Path) -> None:
    """Writes NotoSansSC-Regular.ttf, NotoSansSC-Bold.ttf and OFL.txt from the package's wheel."""
    with ZipFile(wheel) as package, TemporaryDirectory() as scratch:
        (folder / "OFL.txt").write_bytes(package.read(IN_WHEEL + "OFL.txt"))
        variable = Path(scratch) / "variable.ttf"
        variable.write_bytes(package.read(IN_WHEEL + "NotoSansSC[wght].ttf"))
        for style, weight in WEIGHTS.items():
            write_weight(variable, weight=weight, path=folder / f"NotoSansSC-{style}.ttf")


if __name__ == "__main__":
    write_fonts(Path(sys.argv[1]), folder=Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).parent)
