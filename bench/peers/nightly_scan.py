"""The nightly job of most such tools: load every agreement through the ORM, compute its days, compare with today."""

from datetime import date, timedelta
from pathlib import Path

from dateutil.relativedelta import relativedelta
from sqlalchemy import create_engine, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

WARNINGS = (90, 30, 7, 0)  # days before


class Base(DeclarativeBase):
    """Their tables."""


class Contract(Base):
    """Their row: the facts, with no day computed beforehand."""

    __tablename__ = "contracts"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str]
    counterparty: Mapped[str]
    owner_email: Mapped[str]
    effective_on: Mapped[date]
    term_months: Mapped[int]
    renewal_months: Mapped[int]
    notice_days: Mapped[int]


def fill(path: Path, count: int, today: date) -> None:
    """*count* contracts, none of which has a warning to send on *today*."""
    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    rows = [
        {
            "reference": f"C-{number:06}",
            "counterparty": f"Counterparty {number % 977}",
            "owner_email": f"owner{number % 40}@example.com",
            "effective_on": today - timedelta(days=200 + number % 60),
            "term_months": 12,
            "renewal_months": 12,
            "notice_days": 60,
        }
        for number in range(count)
        if (_notice_on(today - timedelta(days=200 + number % 60), 12, 12, 60, today) - today).days not in WARNINGS
    ]
    with engine.begin() as connection:
        connection.execute(insert(Contract), rows)
    engine.dispose()


def scan(path: Path, today: date) -> int:
    """One night: how many warnings there are to send."""
    engine = create_engine(f"sqlite:///{path}")
    with Session(engine) as session:
        due = sum(_is_due(contract, today) for contract in session.scalars(select(Contract)))
    engine.dispose()
    return due


def _is_due(one: Contract, today: date) -> bool:
    notice_on = _notice_on(one.effective_on, one.term_months, one.renewal_months, one.notice_days, today)
    return (notice_on - today).days in WARNINGS


def _notice_on(effective_on: date, term: int, renewal: int, notice: int, today: date) -> date:
    """The next day on which notice must leave."""
    end: date = effective_on + relativedelta(months=term) - timedelta(days=1)
    while end - timedelta(days=notice) < today:
        end += relativedelta(months=renewal)
    return end - timedelta(days=notice)
