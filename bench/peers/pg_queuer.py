"""PgQueuer: a queue on PostgreSQL that takes jobs in batches and finishes them in batches."""

import asyncio
import random
from datetime import timedelta

import psycopg
from pgqueuer.adapters.drivers.psycopg import PsycopgDriver
from pgqueuer.models import Job
from pgqueuer.qm import QueueManager
from pgqueuer.queries import Queries

from bench.harness import seconds

FAR = timedelta(days=400)
_NAME = "nothing"
_AT_ONCE = 500  # jobs in a batch: the larger the faster
_FILLED_AT_ONCE = 10_000


def fill(url: str, total: int, due: int) -> None:
    """*total* jobs of which *due* may run now, at random places."""
    asyncio.run(_fill(url, total, due))


def finished_per_second(url: str, due: int) -> float:
    """From the start of a worker until *due* jobs are finished and it has ended."""
    return due / seconds(lambda: asyncio.run(_finish(url, due)))


async def _fill(url: str, total: int, due: int) -> None:
    chance = random.Random(16)
    now = set(chance.sample(range(total), due))
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        queries = Queries(PsycopgDriver(connection))
        await queries.install()
        for first in range(0, total, _FILLED_AT_ONCE):
            numbers = range(first, min(first + _FILLED_AT_ONCE, total))
            await queries.enqueue(
                [_NAME] * len(numbers),
                [None] * len(numbers),
                [0] * len(numbers),
                [timedelta() if number in now else FAR for number in numbers],
            )


async def _finish(url: str, due: int) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        manager = QueueManager(PsycopgDriver(connection))
        left = due

        @manager.entrypoint(_NAME)
        async def nothing(_job: Job) -> None:
            nonlocal left
            left -= 1
            if not left:
                manager.shutdown.set()

        await manager.run(batch_size=_AT_ONCE)
