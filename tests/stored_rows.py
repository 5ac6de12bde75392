"""Rows with sealed columns, made by hand."""

from typing import TypeVar

from triage.models.sealed import SealedModel

Row = TypeVar("Row", bound=SealedModel)


def saved(row: Row, **plain: bytes) -> Row:
    """The row, stored with what is to be sealed."""
    for name, value in plain.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row
