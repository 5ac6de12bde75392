"""The SVG of a drawing, and the bundled drawings as pictures."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from exercises.drawings.camera import FRAMES, HEIGHT, WIDTH, Camera
from exercises.drawings.figure import skeleton
from exercises.drawings.picture import faults, render
from exercises.drawings.schema import ENDS_ELSEWHERE, Drawing, View
from exercises.drawings.words import Layout, PropKind
from hipcare.environment import BASE_DIRECTORY

from .test_figure import assert_lengths

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
SVG = "{http://www.w3.org/2000/svg}"
LARGEST = 10_000


def read(path: Path) -> dict[str, Drawing]:
    documents = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return {document["id"]: Drawing.model_validate(document) for document in documents}


SMALL = read(Path(__file__).parents[1] / "content" / "drawings.yaml")
BUNDLED = read(BASE_DIRECTORY / "exercises" / "content" / "drawings.yaml")
every_drawing = pytest.mark.parametrize("drawing", BUNDLED.values(), ids=BUNDLED.keys())


def parsed(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)  # noqa: S314 - our own document


def changed(name: str, **changes: object) -> Drawing:
    return Drawing.model_validate(SMALL[name].model_dump() | changes)


def with_prop(**prop: object) -> Drawing:
    return changed("side_step", props=[prop])


@every_drawing
def test_it_is_an_image_with_words_for_those_who_do_not_see_it(drawing: Drawing) -> None:
    root = parsed(render(drawing, "Heel & toe <walk>"))
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")

    assert title is not None
    assert description is not None
    assert (title.text, description.text) == ("Heel & toe <walk>", drawing.alt)
    assert root.tag == f"{SVG}svg"
    assert root.attrib == {
        "viewBox": "0 0 240 180",
        "role": "img",
        "aria-labelledby": f"{title.get('id')} {description.get('id')}",
    }
    assert root.find(f".//{SVG}text") is None, "text would need a font"


@every_drawing
def test_nothing_is_outside_of_the_picture(drawing: Drawing) -> None:
    strokes = parsed(render(drawing, "x")).find(f"{SVG}g")
    assert strokes is not None

    for path in strokes.findall(f"{SVG}path"):
        numbers = [float(number) for number in NUMBER.findall(path.get("d", ""))]
        assert len(numbers) % 2 == 0
        assert all(0 <= x <= WIDTH for x in numbers[::2])
        assert all(0 <= y <= HEIGHT for y in numbers[1::2])
    for circle in strokes.findall(f"{SVG}circle"):
        x, y, radius = (float(circle.get(name, "")) for name in ("cx", "cy", "r"))
        assert radius <= x <= WIDTH - radius
        assert radius <= y <= HEIGHT - radius
    assert list(faults(drawing)) == []


@every_drawing
def test_all_figures_are_of_one_size_and_above_the_floor(drawing: Drawing) -> None:
    for panel in drawing.panels:
        assert_lengths(panel.pose)
        assert min(height for _, height, _ in skeleton(panel.pose).values()) > -2


@every_drawing
def test_it_is_small_and_the_same_each_time(drawing: Drawing) -> None:
    assert render(drawing, "x") == render(drawing, "x")
    assert len(render(drawing, "x")) < LARGEST


def test_the_view_turns_and_tilts() -> None:
    frame = FRAMES[Layout.SINGLE][0]
    middle, floor = frame.place(0, 0)

    assert Camera(View(), frame).see((10, 20, 30)) == pytest.approx((middle + 10, floor - 20, 30))
    assert Camera(View(turn=90), frame).see((10, 20, 30)) == pytest.approx((middle + 30, floor - 20, -10))
    near, far = (Camera(View(tilt=30), frame).see((0, 0, depth)) for depth in (10, -10))
    assert near[1] > far[1], "the near side is lower when seen from above"


@pytest.mark.parametrize("kind", PropKind)
def test_every_prop_can_be_drawn(kind: PropKind) -> None:
    ends = {"to": [30, 20, 10]} if kind in ENDS_ELSEWHERE else {}

    assert len(render(with_prop(kind=kind, at=[-20, 40, -10], **ends), "x")) > len(render(SMALL["side_step"], "x"))


@pytest.mark.parametrize(
    ("prop", "message"),
    [
        ({"kind": "mat", "at": [0, 0]}, 'a mat needs a "to"'),
        ({"kind": "ball", "at": [0, 0], "to": [1, 1]}, 'a ball takes no "to"'),
    ],
)
def test_a_prop_has_the_ends_that_it_has(prop: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        with_prop(**prop)


def test_a_layout_has_its_panels() -> None:
    with pytest.raises(ValueError, match="single and wide have one panel"):
        changed("side_step", layout="rows")


def test_what_sticks_out_is_a_fault() -> None:
    assert list(faults(with_prop(kind="ball", at=[118, 40]))) == [(0, "something is outside of the picture")]
