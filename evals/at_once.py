"""Work on several items at a time, in threads: what waits for a server need not wait in line."""

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")


def made_at_once(
    make: Callable[[Item], Made], items: Sequence[Item], parallel: int
) -> Generator[Made, None, None]:
    """What `make` makes of each item, as it is finished; in order where `parallel` is 1.

    Closing the generator starts no further item and waits for those that have begun.
    """
    if parallel == 1:
        yield from map(make, items)
        return
    pool = ThreadPoolExecutor(parallel, thread_name_prefix="evals")
    try:
        for future in as_completed([pool.submit(make, item) for item in items]):
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)
