"""A drawing's SVG made small: no comments, no web addresses of document types, short paths."""

from __future__ import annotations

import re

_EXTRAS = re.compile(r"<!--.*?-->\n?|<!DOCTYPE[^>]*>\n?", re.DOTALL)
_PATHS = re.compile(r' d="([^"]*)"')
_STROKES = re.compile(r"([A-Za-z])([^A-Za-z]*)")


def compacted(svg: str) -> str:
    """The same drawing in fewer characters.

    Comments go because they repeat every text of the drawing, and the document type because it names a file on the
    web. Coordinates keep a tenth of a point, and steps are written as horizontal and vertical strokes.
    """
    return _PATHS.sub(lambda path: f' d="{_short(path[1])}"', _EXTRAS.sub("", svg))


def _short(path: str) -> str:
    strokes, here = [], ("", "")
    for command, rest in _STROKES.findall(path):
        numbers = [_tenth(number) for number in rest.split()]
        there = (numbers[-2], numbers[-1]) if len(numbers) > 1 else ("", "")
        if command == "L" and there[1] == here[1]:
            strokes.append("" if there == here else f"H{there[0]}")
        elif command == "L" and there[0] == here[0]:
            strokes.append(f"V{there[1]}")
        else:
            strokes.append(command + " ".join(numbers))
        here = there
    return "".join(strokes)


def _tenth(number: str) -> str:
    return f"{round(float(number), 1) + 0:g}" if "." in number else number
