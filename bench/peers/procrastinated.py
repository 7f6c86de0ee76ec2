"""procrastinate: a queue on PostgreSQL that takes and finishes each job by itself."""

import asyncio
import random
from contextlib import suppress
from datetime import timedelta

from procrastinate import App, PsycopgConnector
from procrastinate.utils import utcnow

from bench.harness import seconds
from engine.monitor import House

FAR = timedelta(days=400)
_FILLED_AT_ONCE = 10_000
_CONCURRENCY = House().senders  # as ours


def fill(url: str, total: int, due: int) -> None:
    """*total* jobs of which *due* may run now, at random places."""
    asyncio.run(_fill(url, total, due))


def finished_per_second(url: str, due: int) -> float:
    """From the start of a worker until *due* jobs are finished and it has ended."""
    return due / seconds(lambda: asyncio.run(_finish(url, due)))


def _app(url: str) -> App:
    return App(connector=PsycopgConnector(conninfo=url, max_size=_CONCURRENCY + 2))


async def _fill(url: str, total: int, due: int) -> None:
    chance = random.Random(16)
    app = _app(url)
    task = app.task(name="nothing")(_nothing)
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        left_now, left_later = due, total - due
        while left_now or left_later:
            is_now = chance.random() < left_now / (left_now + left_later)
            many = min(_FILLED_AT_ONCE if not is_now else max(1, due // 50), left_now if is_now else left_later)
            configured = task.configure() if is_now else task.configure(schedule_at=utcnow() + FAR)
            await configured.batch_defer_async(*({} for _ in range(many)))
            left_now, left_later = (left_now - many, left_later) if is_now else (left_now, left_later - many)


async def _finish(url: str, due: int) -> None:
    app = _app(url)
    done = asyncio.Event()
    left = due

    @app.task(name="nothing")
    async def nothing() -> None:
        nonlocal left
        left -= 1
        if not left:
            done.set()

    async with app.open_async():
        worker = asyncio.create_task(app.run_worker_async(concurrency=_CONCURRENCY, install_signal_handlers=False))
        await done.wait()
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker


async def _nothing() -> None:
    """The job."""
