"""Text in GB18030 that nobody declared: told by a header which only that encoding makes known names of."""

from __future__ import annotations

import re

from analysis.extracts.spellings import every_known_name, plain_name

ENCODING = "gb18030"  # holds GBK and GB2312


def is_chinese_header(head: bytes) -> bool:
    """Whether the first line is no UTF-8, and reads as GB18030 with a Chinese name that the dictionary knows.

    A name in ASCII proves nothing: Latin text often decodes as GB18030, into other letters.
    """
    line = head.splitlines()[0] if head else b""
    if line.isascii() or _decoded(line, "utf-8") is not None:
        return False
    names = re.split(r"[,;|\t]", _decoded(line, ENCODING) or "")
    return any(not name.isascii() and plain_name(name.strip('"')) in every_known_name() for name in names)


def _decoded(line: bytes, encoding: str) -> str | None:
    try:
        return line.decode(encoding)
    except UnicodeDecodeError:
        return None
