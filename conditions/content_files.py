"""Reads a directory of knowledge files into a checked `Content`; every problem comes with its file and line.

    release.yaml citations.yaml measurements.yaml findings.csv red_flags.yaml composites.yaml outcome_measures.yaml
    follow_up_timers.yaml scope.yaml safety_net.yaml prevention.yaml tried_steps.yaml treatments.yaml
    conditions/<id>.yaml

Files that cannot be read and entries of a wrong shape are reported first, all of them; what the entries say about each
other is checked once their shape is right.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError
from yaml.constructor import SafeConstructor

from hipcare.errors import InvalidInput, Problem, pointer

from . import content_checks
from .content_schema import Content, Entry, Finding

Place = tuple[str | int, ...]
Form = TypeVar("Form", bound=Entry)

LISTS = (
    "citations",
    "measurements",
    "red_flags",
    "composites",
    "outcome_measures",
    "follow_up_timers",
    "safety_net",
    "prevention",
    "tried_steps",
    "treatments",
)
MAPPINGS = ("release", "scope")
FINDING_LISTS = ("implies", "contradicts")


@dataclass
class Reading:
    """What has been read: the document of each section, and from where in which file each part of it comes.

    `places` maps a path in the document, such as ("conditions", 3, "evidence", "fever"), to its file and line.
    """

    directory: Path
    document: dict[str, Any] = field(default_factory=dict)
    places: dict[Place, tuple[str, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.places[()] = (self.directory.name, 1)

    def add_problem(self, path: Place, message: str) -> None:
        """Report `message` at the line of the innermost known part of `path`."""
        known = next(path[:length] for length in range(len(path), -1, -1) if path[:length] in self.places)
        file, line = self.places[known]
        self.add_problem_at(file, line, message, path)

    def add_problem_at(self, file: str, line: int, message: str, path: Place = ()) -> None:
        """Report `message` at a line of a file."""
        self.problems.append(Problem(pointer(*path), "invalid-content", f"{file}:{line}: {message}"))


def read_content(directory: Path) -> Content:
    """The content in `directory`.

    Raises InvalidInput, each of whose problems reads like
    `conditions/hip_fracture.yaml:41: unknown finding "fevr"; did you mean "fever"?`.
    """
    reading = Reading(directory)
    _read_files(reading)
    return checked(reading, Content, content_checks.problems_in)


def checked(
    reading: Reading, form: type[Form], problems_in: Callable[[Form], Iterable[content_checks.Problem]]
) -> Form:
    """What has been read, as a `form` in which `problems_in` finds none. Raises InvalidInput as `read_content` does."""
    content = _validated(reading, form)
    if content is not None:
        for path, message in problems_in(content):
            reading.add_problem(path, message)
    if reading.problems or content is None:
        raise InvalidInput(reading.problems, "\n".join(problem.detail for problem in reading.problems))
    return content


def _read_files(reading: Reading) -> None:
    for section in MAPPINGS:
        read_yaml(reading, f"{section}.yaml", (section,))
    for section in LISTS:
        read_yaml(reading, f"{section}.yaml", (section,))
    _read_findings(reading)
    reading.document["conditions"] = []
    for index, path in enumerate(sorted((reading.directory / "conditions").glob("*.yaml"))):
        read_yaml(reading, f"conditions/{path.name}", ("conditions", index))


def _validated(reading: Reading, form: type[Form]) -> Form | None:
    if reading.problems:
        return None
    try:
        return form.model_validate(reading.document)
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            inner = problem.get("ctx", {}).get("path", ())
            reading.add_problem((*problem["loc"], *inner), _in_words(problem["loc"], problem["msg"]))
    return None


def _in_words(loc: Place, message: str) -> str:
    named = [part for part in loc if isinstance(part, str) and part.isidentifier()]
    message = message.removeprefix("Value error, ")
    return f"{named[-1]}: {message}" if named else message


def read_yaml(reading: Reading, name: str, section: Place) -> None:
    """Read a YAML file of the directory as the document of `section`."""
    root = _composed(reading, name)
    if root is not None:
        document = _YamlReader(reading, name).read(_sorted_by_id(root), section)
        _place(reading, section, document, name)


def _composed(reading: Reading, name: str) -> yaml.Node | None:
    """The nodes of a file, which know their lines; None, and a problem, if there are none."""
    line, message = 1, "this file is empty"
    try:
        text = (reading.directory / name).read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        if root is not None:
            return root
    except FileNotFoundError:
        message = "this file is missing"
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        message = f"not YAML: {error.problem}"
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        message = f"not YAML in UTF-8: {error}"
    reading.add_problem_at(name, line, message)
    return None


def _place(reading: Reading, section: Place, document: Any, name: str) -> None:
    if len(section) == 1:
        reading.document[str(section[0])] = document
        return
    reading.document["conditions"].append(document)
    if isinstance(document, dict) and document.get("id") != Path(name).stem:
        reading.add_problem((*section, "id"), f'the id of this file must be "{Path(name).stem}"')


def _sorted_by_id(root: yaml.Node) -> yaml.Node:
    """The entries of a list file in the order of their ids, which is the order of a release's rows."""
    if isinstance(root, yaml.SequenceNode):
        root.value.sort(key=_id_of)
    return root


def _id_of(node: yaml.Node) -> str:
    entries = node.value if isinstance(node, yaml.MappingNode) else []
    return next((str(value.value) for key, value in entries if key.value == "id"), "")


class _YamlReader:
    """Turns the nodes of one file into plain data and notes the line of each part."""

    def __init__(self, reading: Reading, name: str) -> None:
        self.reading = reading
        self.name = name
        self.constructor = SafeConstructor()
        self.seen: set[int] = set()

    def read(self, node: yaml.Node, path: Place) -> Any:
        if id(node) in self.seen:
            self.reading.add_problem_at(self.name, node.start_mark.line + 1, "anchors and aliases are not used here")
            return None
        self.seen.add(id(node))
        self.reading.places.setdefault(path, (self.name, node.start_mark.line + 1))
        if isinstance(node, yaml.MappingNode):
            return self._read_mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        if node.tag == "tag:yaml.org,2002:str":
            return node.value
        if node.tag == "tag:yaml.org,2002:null":
            return None
        return self._read_scalar(node, path)

    def _read_mapping(self, node: yaml.MappingNode, path: Place) -> dict[Any, Any]:
        mapping: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = self.read(key_node, (*path, "[key]"))
            below = (*path, key)
            if key in mapping:
                self.reading.add_problem_at(self.name, key_node.start_mark.line + 1, f'"{key}" is here twice', below)
            self.reading.places[below] = (self.name, key_node.start_mark.line + 1)
            mapping[key] = self.read(value_node, below)
        return mapping

    def _read_scalar(self, node: yaml.Node, path: Place) -> Any:
        read = {"int": "construct_yaml_int", "float": "construct_yaml_float", "bool": "construct_yaml_bool"}
        method = read.get(node.tag.rpartition(":")[2])
        if method is None:
            self.reading.add_problem(path, f'"{node.value}" must be in quotes to be read as text')
            return None
        return getattr(self.constructor, method)(node)


def _read_findings(reading: Reading) -> None:
    name = "findings.csv"
    try:
        with (reading.directory / name).open(encoding="utf-8", newline="") as stream:
            rows = sorted(_csv_rows(stream), key=lambda row: row[1].get("id") or "")
    except FileNotFoundError:
        reading.add_problem_at(name, 1, "this file is missing")
        return
    except (UnicodeDecodeError, csv.Error) as error:
        reading.add_problem_at(name, 1, f"not CSV in UTF-8 ({error})")
        return
    reading.places[("findings",)] = (name, 1)
    for index, (line, _) in enumerate(rows):
        reading.places[("findings", index)] = (name, line)
    reading.document["findings"] = [_finding(row) for _, row in rows]


def _csv_rows(stream: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with the line on which it starts."""
    reader = csv.DictReader(stream, strict=True)
    line = 2
    for row in reader:
        yield line, row
        line = reader.line_num + 1


def _finding(row: dict[str, str]) -> dict[str, Any]:
    """A CSV row as a document: blank is null, lists are separated by spaces."""
    document: dict[str, Any] = {name: value or None for name, value in row.items() if name in Finding.model_fields}
    unknown = {name: value for name, value in row.items() if name not in Finding.model_fields}
    lists = {name: (row.get(name) or "").split() for name in FINDING_LISTS}
    return {**document, **lists, **{str(name): value for name, value in unknown.items()}}
