"""`write_drawings`: the drawings as files and on one page, for their author to look at."""

from argparse import ArgumentParser
from html import escape
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand
from pydantic import TypeAdapter

from exercises.drawings.picture import render
from exercises.drawings.schema import Drawing

CONTENT = Path(__file__).resolve().parents[2] / "content" / "drawings.yaml"
_drawings = TypeAdapter(tuple[Drawing, ...])


class Command(BaseCommand):
    """Write one SVG a drawing, and a page that shows them all."""

    help = "Write the drawings of exercises/content/drawings.yaml into a directory, with an index.html to look at."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to write, and what to read."""
        parser.add_argument("directory", type=Path)
        parser.add_argument("--drawings", type=Path, default=CONTENT, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises pydantic.ValidationError or PoseError, which say what is wrong with the file."""
        directory: Path = options["directory"]
        text = options["drawings"].read_text(encoding="utf-8")
        drawings = _drawings.validate_python(yaml.load(text, yaml.CSafeLoader))
        directory.mkdir(parents=True, exist_ok=True)
        for drawing in drawings:
            (directory / f"{drawing.id}.svg").write_text(render(drawing, drawing.id), encoding="utf-8")
        (directory / "index.html").write_text(_page(drawings), encoding="utf-8")
        self.stdout.write(f"{len(drawings)} drawings; look at {directory / 'index.html'}.")


def _page(drawings: tuple[Drawing, ...]) -> str:
    figures = "".join(
        f'<figure style="display:inline-block;width:320px;vertical-align:top;font:14px sans-serif">'
        f'<img src="{drawing.id}.svg" width="320" alt=""><figcaption><b>{drawing.id}</b> {escape(drawing.alt)}'
        "</figcaption></figure>"
        for drawing in drawings
    )
    return f'<!doctype html><meta charset="utf-8"><title>Drawings</title>{figures}\n'
