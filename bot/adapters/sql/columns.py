"""How a domain object becomes a row and a row a domain object: columns are named after fields."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeVar

import numpy as np
from pydantic import BaseModel
from sqlalchemy import JSON, Dialect, LargeBinary, String
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from bot.seams import Vectors

D = TypeVar("D", bound=BaseModel)
R = TypeVar("R", bound=DeclarativeBase)

Json = JSON(none_as_null=True)


class Moment(TypeDecorator[datetime]):
    """A point in time as ISO text in UTC of one width, so that text order is time order."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Text of an aware datetime. Raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time must know its time zone")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """The datetime, in UTC and aware of it."""
        return None if value is None else datetime.fromisoformat(value)


class Vector(TypeDecorator[Vectors]):
    """A float32 vector of shape (dimension,) as little-endian bytes."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Vectors | None, dialect: Dialect) -> bytes | None:
        """Bytes of a vector."""
        return None if value is None else np.ascontiguousarray(value, dtype="<f4").tobytes()

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Vectors | None:
        """The vector, writable."""
        return None if value is None else np.frombuffer(value, dtype="<f4").astype(np.float32)


def to_values(value: BaseModel, row: type[DeclarativeBase]) -> dict[str, object]:
    """Fields of `value` that `row` has columns for."""
    columns = row.__table__.columns.keys()
    return {name: field for name, field in value.model_dump().items() if name in columns}


def to_row(value: BaseModel, row: type[R], **extra: object) -> R:
    """A new row of `value`'s fields and the columns in `extra`."""
    return row(**to_values(value, row), **extra)


def to_domain(row: DeclarativeBase, domain: type[D], extra: Mapping[str, object] | None = None) -> D:
    """The domain object whose fields are the row's columns, or stand in `extra`."""
    given = extra or {}
    columns = {name: getattr(row, name) for name in domain.model_fields if name not in given}
    return domain.model_validate({**columns, **given})
