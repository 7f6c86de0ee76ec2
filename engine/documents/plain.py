"""Values as JSON has them: days and instants in ISO 8601, instants in UTC, money with its currency, periods by code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

from lifecycle.agreements.agreement import Money
from lifecycle.counting.derivation import Clause
from lifecycle.days.dates import Period


def jsonable(value: Any) -> Any:  # noqa: ANN401, C901, PLR0911 - one table of types
    """*value* with what JSON has no form for as text."""
    match value:
        case Money():
            return {"amount": f"{value.amount:.2f}", "currency": value.currency}
        case Period():
            return value.code
        case Enum():
            return value.value
        case None | bool() | int() | float() | str():
            return value
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case Decimal():
            return str(value)
        case Mapping():
            return {str(name): jsonable(one) for name, one in value.items()}
        case _ if hasattr(value, "_asdict"):
            return jsonable(value._asdict())
        case _ if is_dataclass(value):
            return {field.name: jsonable(getattr(value, field.name)) for field in fields(value)}
        case _:
            return [jsonable(one) for one in value]


def clause_document(clause: Clause | None) -> dict[str, Any] | None:
    """Where it is written."""
    return None if clause is None else {"ref": clause.ref, "page": clause.page, "quote": clause.quote}
