"""`verify_audit_trail [--organisation ID] [--anchor FILE] [--write-anchor FILE]`: whether the trail is whole."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from partners import audit_chain, selectors
from partners.audit_chain import Chain, End, Verdict

_ONE_VIEW = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"


class Command(BaseCommand):
    """Computes every hash of the audit trail anew, here and not in the database."""

    help = "Check that no row of the audit trail was changed, removed, moved or cut off; exit code 1 if one was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose trail, and the anchors."""
        parser.add_argument("--organisation", type=UUID, help="the trail of this organisation alone")
        parser.add_argument("--anchor", type=Path, help="an earlier anchor, which today's trail must still contain")
        parser.add_argument("--write-anchor", type=Path, help="a new file for today's anchor, to be kept elsewhere")

    def handle(
        self, *, organisation: UUID | None, anchor: Path | None, write_anchor: Path | None, **options: Any
    ) -> str:
        """Check, then write the anchor if all is well."""
        anchored = {} if anchor is None else _read(anchor, organisation)
        verdict = _verify(organisation, anchored)
        if verdict.breaks:
            lines = [f"The audit trail is broken in {len(verdict.breaks)} place(s):", *map(str, verdict.breaks)]
            raise CommandError("\n".join(lines))
        if write_anchor is not None:
            _write(write_anchor, verdict)
        told = [f"{verdict.rows} rows in {len(verdict.ends)} chains are whole.", audit_chain.digest_of(verdict.ends)]
        if anchor is not None:
            told.append(f"They contain the {len(anchored)} chains of {anchor}.")
        return "\n".join(told)


def _verify(organisation: UUID | None, anchored: dict[Chain, End]) -> Verdict:
    """In one view of the database: rows that are added meanwhile are not seen, neither they nor the ends they move."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute(_ONE_VIEW)
        ends = selectors.chain_ends(organisation_id=organisation)
        return audit_chain.verify(selectors.chained_rows(organisation_id=organisation), ends, anchored)


def _read(path: Path, organisation: UUID | None) -> dict[Chain, End]:
    try:
        ends = audit_chain.read_anchor(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as trouble:
        raise CommandError(f"{path} cannot be used: {trouble}.") from None
    return {chain: end for chain, end in ends.items() if organisation in (None, chain.organisation_id)}


def _write(path: Path, verdict: Verdict) -> None:
    """Into a file that was not there: an anchor is kept, not replaced."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(audit_chain.write_anchor(verdict.ends, at=timezone.now()))
            file.flush()
            os.fsync(file.fileno())
    except OSError as trouble:
        raise CommandError(f"The anchor was not written: {trouble}.") from None
