"""What all tables share: one collection, and how constraints are named on both databases."""

from __future__ import annotations

from typing import Final

from sqlalchemy import MetaData, String

NAMING: Final = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: Final = MetaData(naming_convention=NAMING)
#: The type of an opaque id.
ID: Final = String(32)
