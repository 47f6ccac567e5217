from __future__ import annotations

import io
import re

import pytest

from analysis.run.plain import plain
from analysis.run.progress import Steps


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_plain_lines_where_there_is_no_terminal() -> None:
    out = io.StringIO()
    with Steps(2, out=out) as steps, steps.step("10_data"):
        pass
    assert re.fullmatch(r"10_data … done in \d+\.\d s\n", out.getvalue())


def test_a_step_that_fails_says_so_and_its_time_is_kept() -> None:
    out = io.StringIO()
    with pytest.raises(ZeroDivisionError), Steps(1, out=out) as steps, steps.step("20_base"):
        raise ZeroDivisionError
    assert out.getvalue().startswith("20_base … failed after 0.0 s")
    assert list(steps.seconds) == ["20_base"]


def test_a_terminal_gets_one_display_with_every_step() -> None:
    out = Terminal()
    with Steps(2, out=out) as steps:
        with steps.step("10_data"):
            steps.say("a [bold]line[/bold]")
        with steps.step("pdf"):
            pass
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", out.getvalue())
    assert "10_data" in shown
    assert "pdf" in shown
    assert "a [bold]line[/bold]" in shown


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("a\rb\x00c\x7fd\x9be", "abcde"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("safe \u202etxt.exe", "safe txt.exe"),
        ("套餐 é", "套餐 é"),
    ],
)
def test_text_from_data_cannot_steer_the_terminal(text: str, clean: str) -> None:
    assert plain(text) == clean
    out = io.StringIO()
    Steps(1, out=out).say(text)
    assert out.getvalue() == clean + "\n"
