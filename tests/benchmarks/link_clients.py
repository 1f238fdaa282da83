"""One process that asks many URLs in one of several ways, and says how long it took.

python link_clients.py WAY PORT URLS HOSTS WORKERS [FOLDER]

Prints JSON: urls, seconds, cpu (seconds of this process), memory (greatest resident, in MB).
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from ipaddress import ip_network
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from reader.records.link_history import Known
from tests.benchmarks.link_server import address


def urls(port: int, count: int, hosts: int) -> Iterator[str]:
    """Yield distinct URLs, over the hosts in turn."""
    for number in range(count):
        yield f"http://{address(number % hosts)}:{port}/page/{number}"


async def raw(port: int, count: int, hosts: int, workers: int) -> int:
    """Asyncio's own streams: a worker keeps to the URLs of one host, and to one connection."""
    each = max(1, workers // hosts)
    lanes = [range(at, count, hosts)[lane::each] for at in range(hosts) for lane in range(each)]
    waiting = iter(lanes)
    done = 0

    async def work() -> None:
        nonlocal done
        for numbers in waiting:
            host = address(numbers[0] % hosts)
            reader, writer = await asyncio.open_connection(host, port)
            for number in numbers:
                writer.write(b"GET /page/%d HTTP/1.1\r\nHost: %s\r\n\r\n" % (number, host.encode()))
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
                await reader.readexactly(length)
                done += 1
            writer.close()

    await asyncio.gather(*(work() for _ in range(workers)))
    return done


async def httpx_bare(port: int, count: int, hosts: int, workers: int) -> int:
    """One httpx client; workers take URLs in turn, so that nothing waits in its pool."""
    import httpx

    waiting = urls(port, count, hosts)
    limits = httpx.Limits(max_connections=workers, max_keepalive_connections=workers)
    done = 0
    async with httpx.AsyncClient(limits=limits, timeout=None) as client:

        async def work() -> None:
            nonlocal done
            for url in waiting:
                answer = await client.get(url)
                done += answer.status_code == 200

        await asyncio.gather(*(work() for _ in range(workers)))
    return done


async def ours(port: int, count: int, hosts: int, workers: int) -> int:
    """Our checker: with the guard, the verdicts, its queue by host, and the history on the disk."""
    from reader.library.state import State
    from reader.library.verdict_keeper import VerdictKeeper
    from reader.library.verdicts import Verdicts
    from reader.links.run import Wanted, check_all
    from reader.links.settings import CheckSettings
    from reader.records.verdicts import Verdict

    settings = CheckSettings(
        workers=workers,
        per_host=max(1, workers // min(hosts, workers)),
        pause=0.0,
        allow=(ip_network("127.0.0.0/8"),),
    )
    with tempfile.TemporaryDirectory(dir=sys.argv[6] if len(sys.argv) > 6 else None) as folder:
        state = State(str(Path(folder) / "state.sqlite"), [])
        try:
            done = 0

            def count_kept(batch: Sequence[Known]) -> None:
                nonlocal done
                done += sum(
                    each.check.verdict is Verdict.OK and each.check.canonical is not None
                    for each in batch
                )

            def fail(why: str) -> None:
                raise SystemExit(why)

            verdicts = Verdicts(state, lambda ask, otherwise: otherwise, time.time)
            keeper = VerdictKeeper(verdicts, count_kept, fail)
            await check_all((Wanted(url) for url in urls(port, count, hosts)), settings, keeper.put)
            keeper.close()
        finally:
            state.close()
    return done


WAYS = {"raw": raw, "httpx": httpx_bare, "ours": ours}


def main() -> None:
    """Ask, and say how it went."""
    way = WAYS[sys.argv[1]]
    port, count, hosts, workers = map(int, sys.argv[2:6])
    begun, cpu = time.perf_counter(), time.process_time()
    done = asyncio.run(way(port, count, hosts, workers))
    print(
        json.dumps(
            {
                "urls": done,
                "seconds": time.perf_counter() - begun,
                "cpu": time.process_time() - cpu,
                "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )
    if done != count:
        raise SystemExit(f"{done} of {count} answered as they should")


if __name__ == "__main__":
    main()
