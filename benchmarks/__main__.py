"""`bin/bench [list filters thread search stream webhook browser import directory start] [--store ...] [--sizes 20000,200000]`

Prints one JSON line for each figure on standard output; everything else goes to standard error. A budget that is missed is
said in the line (`"ok": false`), not by the exit code.
"""

import argparse
import resource
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks import (
    browsers,
    directory,
    filters,
    imports,
    large_mails,
    list_pages,
    searches,
    starts,
    streams,
    threads,
    webhooks,
)
from benchmarks.figures import show
from benchmarks.postgres import Cluster
from benchmarks.server import REPOSITORY, Store, serving, stored

ON_A_SERVER = {
    "filters": filters.run,
    "thread": threads.run,
    "search": searches.run,
    "stream": streams.run,
    "webhook": webhooks.run,
}
NAMES = ("list", *ON_A_SERVER, "import", "directory", "start", "browser")


def main() -> None:
    parser = argparse.ArgumentParser("bin/bench", description="Measure the product, over HTTP, on data of real size.")
    parser.add_argument("names", nargs="*", choices=[[], *NAMES], default=[], metavar="name", help=", ".join(NAMES))
    parser.add_argument("--store", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--sizes", default="20000,200000", help="conversations, of ten messages each")
    parser.add_argument("--folder", type=Path, default=REPOSITORY / "var" / "bench")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    names = given.names or NAMES
    sizes = sorted(int(size) for size in given.sizes.split(","))
    if given.store in ("sqlite", "both"):
        measure_all(names, "sqlite", sizes, given.folder, None)
    if given.store in ("postgresql", "both"):
        cluster = Cluster(given.folder / "postgres")
        cluster.start()
        try:
            measure_all(names, "postgresql", sizes, given.folder, cluster)
        finally:
            cluster.stop()


def measure_all(names: Sequence[str], name: str, sizes: list[int], folder: Path, cluster: Cluster | None) -> None:
    with ExitStack() as stack:
        stores = [
            stack.enter_context(stored(name, size, folder, cluster))
            for size in (sizes if set(names) - {"browser"} else [])
        ]
        if "list" in names:
            with ExitStack() as serve:
                for found in list_pages.run([serve.enter_context(serving(store)) for store in stores]):
                    show(found)
        for store in stores:
            measure(names, store)
    if "browser" in names:  # the size of a list, whatever that of the data
        with stored(name, browsers.ROWS, folder, cluster) as store, serving(store) as server:
            for found in browsers.run(server):
                show(found)


def measure(names: Sequence[str], store: Store) -> None:
    """Each on a fresh server; the stream and the webhooks last, because they write."""
    for name, run in ON_A_SERVER.items():
        if name in names:
            with serving(store) as server:
                found = run(server)
                for each in found if isinstance(found, list) else [found]:
                    show(each)
    if "import" in names:
        show(imports.run(store))
        show(large_mails.run(store))
    if "directory" in names:
        for found in directory.run(store):
            show(found)
    if "start" in names:
        show(starts.run(store))


if __name__ == "__main__":
    main()
