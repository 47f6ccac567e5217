"""The processes the simulations run in."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def processes(workers: int) -> ProcessPoolExecutor:
    """Processes started anew: a copy of one that has run threads (OpenMP, DuckDB) may wait for their locks for ever."""
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
