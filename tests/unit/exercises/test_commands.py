"""The command that writes the drawings for their author to look at."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command

from .conftest import CONTENT


def test_drawings_are_written_with_a_page_that_shows_them(tmp_path: Path) -> None:
    out = StringIO()

    call_command("write_drawings", str(tmp_path), "--drawings", str(CONTENT / "drawings.yaml"), stdout=out)

    assert out.getvalue().startswith("2 drawings")
    assert {path.name for path in tmp_path.iterdir()} == {"bridge.svg", "side_step.svg", "index.html"}
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert 'src="bridge.svg"' in page
    assert "A person steps to the side." in page
