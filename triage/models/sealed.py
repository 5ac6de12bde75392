"""Columns that are encrypted at rest, read and written as plain bytes."""

from typing import Any
from uuid import UUID

from django.db import models

from partners.actions import data_keys


class SealedColumn:
    """A binary column as a plain attribute beside it.

    What is set is sealed by `SealedModel.seal`, at the latest when the row is saved; what is read is unsealed once.
    """

    def __init__(self, column: str) -> None:
        self.column = column

    def __get__(self, row: Any, owner: type) -> bytes:
        plain: dict[str, bytes] = row._plain
        if self.column not in plain:
            sealed = bytes(getattr(row, self.column))
            plain[self.column] = data_keys.unseal(row.organisation_id, sealed, place=place(row, self.column))
        return plain[self.column]

    def __set__(self, row: Any, plain: bytes) -> None:
        row._plain[self.column] = plain
        row._to_seal.add(self.column)


class SealedModel(models.Model):
    """A row with sealed columns, under the keys of its organisation."""

    id: Any
    organisation_id: UUID

    class Meta:
        abstract = True

    def __init__(self, *args: Any, **values: Any) -> None:
        self._plain: dict[str, bytes] = {}
        self._to_seal: set[str] = set()
        super().__init__(*args, **values)

    def save(self, *args: Any, **options: Any) -> None:
        """Seal what was set, and save."""
        self.seal()
        super().save(*args, **options)

    def seal(self) -> None:
        """Seal what was set; id and organisation are set first."""
        for column in sorted(self._to_seal):
            plain = self._plain[column]
            setattr(self, column, data_keys.seal(self.organisation_id, plain, place=place(self, column)))
        self._to_seal.clear()

    @classmethod
    def sealed_columns(cls) -> list[str]:
        """The names of the columns that are sealed."""
        return sorted(part.column for part in vars(cls).values() if isinstance(part, SealedColumn))

    def seal_anew(self, columns: list[str]) -> None:
        """Seal what is in the columns under the organisation's present key."""
        for column in columns:
            sealed = bytes(getattr(self, column))
            self._plain[column] = data_keys.unseal(self.organisation_id, sealed, place=place(self, column))
        self._to_seal.update(columns)
        self.seal()

    def refresh_from_db(self, *args: Any, **options: Any) -> None:
        """Read again, the sealed columns too."""
        self._plain.clear()
        super().refresh_from_db(*args, **options)


def place(row: SealedModel, column: str) -> str:
    """What binds a sealed value to its row and column."""
    return f"{type(row).__name__}.{column}:{row.id}"
