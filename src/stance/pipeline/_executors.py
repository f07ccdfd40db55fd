"""Work on shards in processes of this machine or on a Dask cluster, and what happens when a worker dies."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any

from stance.schema import Document, StanceError

Item = tuple[int, list[Document]]
Work = Callable[[int, list[Document]], tuple[Any, ...]]
TRIES = 2
"""How often a shard that was there when a worker died is tried by itself."""


@dataclass(frozen=True, slots=True)
class Executed:
    """What became of a shard: a value, or an error."""

    number: int
    shard: list[Document]
    value: Any = None
    error: BaseException | None = None


def execute(items: Iterable[Item], work: Work, *, workers: int, scheduler: str | None = None) -> Iterator[Executed]:
    """Work on numbered shards; only a few are held in memory at a time.

    Parameters
    ----------
    items
        Numbers and shards, read as workers become free.
    work
        The function and its arguments for one of them; both must be picklable.
    workers
        Processes; with an address they are the cluster's own.
    scheduler
        None for processes, ``"local"`` for Dask on this machine, or the address
        of a Dask scheduler.

    Yields
    ------
    Executed
        As they are done.
    """
    if scheduler is None:
        yield from _in_processes(iter(items), work, workers)
    else:
        yield from _on_dask(iter(items), work, workers, scheduler)


def _in_processes(items: Iterator[Item], work: Work, workers: int) -> Iterator[Executed]:
    left = True
    while left:
        suspects: list[Item] = []
        pool = _pool(workers)
        try:
            left = yield from _feed(pool, items, work, lambda: workers + 1, suspects)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        for item in suspects:  # one of them may have killed its worker
            yield _alone(item, work)


def _feed(pool: Executor, items: Iterator[Item], work: Work, most: Callable[[], int], suspects: list[Item]) -> Any:
    """Keep a pool busy; return whether items may be left, which is so only if a worker died."""
    running: dict[Future[Any], Item] = {}
    left = True
    while True:
        while left and not suspects and len(running) < most():
            item = next(items, None)
            if item is None:
                left = False
                break
            try:
                running[pool.submit(*work(*item))] = item
            except BrokenProcessPool:
                suspects.append(item)
        if not running:
            return left
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            item = running.pop(future)
            error = future.exception()
            if isinstance(error, BrokenProcessPool):
                suspects.append(item)
            else:
                yield Executed(*item, None if error else future.result(), error)


def _alone(item: Item, work: Work) -> Executed:
    for _ in range(TRIES):
        with _pool(1) as pool:
            future = pool.submit(*work(*item))
            error = future.exception()
            if not isinstance(error, BrokenProcessPool):
                return Executed(*item, None if error else future.result(), error)
    return Executed(*item, error=RuntimeError(f"its worker died {TRIES + 1} times, perhaps for lack of memory"))


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)


def _begin() -> None:
    """One thread a process, and none that outlives its parent."""
    os.environ.update(OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", TOKENIZERS_PARALLELISM="false")
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _on_dask(items: Iterator[Item], work: Work, workers: int, scheduler: str) -> Iterator[Executed]:
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise StanceError("--scheduler needs the extra 'cluster': pip install 'stance-suite[cluster]'.") from None
    if scheduler == "local":
        cluster = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
        with cluster, Client(cluster) as client:
            yield from _feed(client.get_executor(pure=False), items, work, lambda: 2 * workers, [])
        return
    try:
        client = Client(scheduler, timeout="10s")
    except (OSError, ValueError) as error:
        raise StanceError(
            f"No Dask scheduler answers at {scheduler!r} ({type(error).__name__}). Start one with 'dask scheduler', "
            "and give its address, such as tcp://host:8786, or --scheduler local."
        ) from None
    with client:
        # workers may come and go: they are counted anew each time
        yield from _feed(client.get_executor(pure=False), items, work, lambda: 2 * max(1, len(client.ncores())), [])
