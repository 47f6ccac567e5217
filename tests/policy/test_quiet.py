"""A library that prints past Python prints nothing while it is kept quiet, and no later either."""

from __future__ import annotations

import ctypes

import pytest

from analysis.policy.quiet import nothing_printed


def test_what_c_prints_meanwhile_goes_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    libc = ctypes.CDLL(None)
    with nothing_printed():
        libc.puts(b"from C")
    libc.fflush(None)
    assert capfd.readouterr().out == ""
    libc.puts(b"afterwards")
    libc.fflush(None)
    assert capfd.readouterr().out == "afterwards\n"


def test_the_output_is_open_again_after_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="stop"), nothing_printed():
        raise ValueError("stop")
    print("here", flush=True)
    assert capfd.readouterr().out == "here\n"
