from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from analysis.run.stop import Interrupted, Stop, kill_group


def sleeper() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_kernels_and_is_told_when_asked(signum: signal.Signals, code: int) -> None:
    kernel = sleeper()
    with Stop() as stop:
        stop.check()
        stop.add(kernel.pid)
        os.kill(os.getpid(), signum)
        assert kernel.wait(timeout=10) == -signal.SIGKILL
        with pytest.raises(Interrupted) as caught:
            stop.check()
    assert caught.value.exit_code == code


def test_a_kernel_that_starts_too_late_ends_at_once() -> None:
    stop = Stop()
    stop.ask()
    kernel = sleeper()
    stop.add(kernel.pid)
    assert kernel.wait(timeout=10) == -signal.SIGKILL


def test_a_kernel_that_has_ended_is_left_alone() -> None:
    kernel = sleeper()
    stop = Stop()
    stop.add(kernel.pid)
    stop.remove(kernel.pid)
    stop.ask()
    assert kernel.poll() is None
    kill_group(kernel.pid)
    assert kernel.wait(timeout=10) == -signal.SIGKILL
    kill_group(kernel.pid)


def test_the_handlers_are_as_before_afterwards() -> None:
    before = (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM))
    with Stop():
        assert signal.getsignal(signal.SIGINT) != before[0]
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
