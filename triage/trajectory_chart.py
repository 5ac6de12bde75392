"""The trajectory as a small line chart in SVG: up is better, whatever the direction of the measure.

It has a light ground of its own, a title and a description in words for those who do not see it, and tells lines apart
by dashes and marks, not by colour alone. The same trajectory gives the same bytes.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils import translation
from django.utils.translation import gettext

from triage.trajectory import Trajectory, TrajectorySeries

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 56, 400, 32, 264
INK, GRID, GROUND = "#333333", "#cccccc", "#fcfcfa"
COLOURS = ("#22577a", "#b3541e", "#4d7c2a", "#7a3b69", "#5c5c5c", "#8a6d00", "#a3293d")
DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 4", "10 4", "4 2")
LINE_HEIGHT = 30
GRID_SHARES = (0.0, 0.5, 1.0)


def chart(told: Trajectory) -> bytes:
    """The chart as an SVG document in UTF-8, in the language of the trajectory."""
    with translation.override(told["locale"]):
        return _chart(told)


def _chart(told: Trajectory) -> bytes:
    last_day = max((contact["day"] for contact in told["contacts"]), default=0)
    svg = _frame(_title(told), _description(told))
    _axes(svg, last_day)
    for index, series in enumerate(told["series"]):
        _line(svg, index, series, last_day)
    if not told["series"]:
        _text(svg, (LEFT + RIGHT) / 2, (TOP + BOTTOM) / 2, gettext("Nothing measured yet"), anchor="middle")
    return tostring(svg, encoding="utf-8")


def _title(told: Trajectory) -> str:
    return gettext("Outcome measures at {count} contacts").format(count=len(told["contacts"]))


def _description(told: Trajectory) -> str:
    """The chart in words."""
    parts = list(_in_words(told))
    return " ".join(parts) if parts else gettext("Nothing was measured yet.")


def _in_words(told: Trajectory) -> Iterator[str]:
    for series in told["series"]:
        words = gettext("{score} on day {day}")
        points = ", ".join(words.format(score=f"{p['score']:g}", day=p["day"]) for p in series["points"])
        lowest = gettext("{name}, {minimum} to {maximum}, lowest is best: {points}.")
        highest = gettext("{name}, {minimum} to {maximum}, highest is best: {points}.")
        ends = {"minimum": f"{series['minimum']:g}", "maximum": f"{series['maximum']:g}"}
        words = lowest if series["best"] == "lowest" else highest
        yield words.format(name=series["name"], points=points, **ends)
    if verdicts := [_verdict(c["overall"]).format(day=c["day"]) for c in told["contacts"] if c["overall"]]:
        yield gettext("Overall: {verdicts}.").format(verdicts=", ".join(verdicts))


def _verdict(overall: str) -> str:
    return {
        "better": gettext("better on day {day}"),
        "same": gettext("same on day {day}"),
        "worse": gettext("worse on day {day}"),
        "unknown": gettext("unknown on day {day}"),
    }[overall]


def _frame(title: str, description: str) -> Element:
    svg = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {HEIGHT}",
            "width": str(WIDTH),
            "height": str(HEIGHT),
            "role": "img",
            "aria-labelledby": "trajectory-title trajectory-description",
            "font-family": "sans-serif",
            "font-size": "12",
        },
    )
    SubElement(svg, "title", {"id": "trajectory-title"}).text = title
    SubElement(svg, "desc", {"id": "trajectory-description"}).text = description
    SubElement(svg, "rect", {"width": str(WIDTH), "height": str(HEIGHT), "fill": GROUND})
    return svg


def _axes(svg: Element, last_day: int) -> None:
    for share in GRID_SHARES:
        height = _number(_y(share))
        ends = {"x1": str(LEFT), "x2": str(RIGHT), "y1": height, "y2": height}
        SubElement(svg, "line", {**ends, "stroke": GRID})
    _text(svg, LEFT - 6, _y(1.0) + 4, gettext("best"), anchor="end")
    _text(svg, LEFT - 6, _y(0.0) + 4, gettext("worst"), anchor="end")
    _text(svg, LEFT, BOTTOM + 20, gettext("day {day}").format(day=0), anchor="middle")
    if last_day:
        _text(svg, RIGHT, BOTTOM + 20, gettext("day {day}").format(day=last_day), anchor="middle")


def _line(svg: Element, index: int, series: TrajectorySeries, last_day: int) -> None:
    colour, dash = COLOURS[index % len(COLOURS)], DASHES[index % len(DASHES)]
    places = [
        (_x(point["day"], last_day), _y(_share(series, point["score"])))
        for point in sorted(series["points"], key=lambda point: (point["day"], point["number"]))
    ]
    line = {"fill": "none", "stroke": colour, "stroke-width": "2", "stroke-dasharray": dash or "none"}
    path = " ".join(f"{_number(x)},{_number(y)}" for x, y in places)
    SubElement(svg, "polyline", {"points": path, **line})
    for x, y in places:
        SubElement(svg, "circle", {"cx": _number(x), "cy": _number(y), "r": "3.5", "fill": colour})
    _legend(svg, index, series, line)


def _legend(svg: Element, index: int, series: TrajectorySeries, line: dict[str, str]) -> None:
    left, height = RIGHT + 24, TOP + 4 + index * LINE_HEIGHT
    ends = {"x1": str(left), "x2": str(left + 28), "y1": str(height), "y2": str(height)}
    SubElement(svg, "line", {**ends, **line})
    last = series["points"][-1]["score"]
    _text(svg, left + 36, height + 4, f"{series['name']}: {last:g}")


def _text(svg: Element, x: float, y: float, words: str, *, anchor: str = "start") -> None:
    place = {"x": _number(x), "y": _number(y), "text-anchor": anchor, "fill": INK}
    SubElement(svg, "text", place).text = words


def _share(series: TrajectorySeries, score: float) -> float:
    """0 at the worst end of the measure, 1 at the best."""
    share = (score - series["minimum"]) / (series["maximum"] - series["minimum"])
    return min(max(share if series["best"] == "highest" else 1.0 - share, 0.0), 1.0)


def _x(day: int, last_day: int) -> float:
    return LEFT + (RIGHT - LEFT) * (day / last_day if last_day else 0.0)


def _y(share: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * share


def _number(value: float) -> str:
    return f"{value:.1f}"
