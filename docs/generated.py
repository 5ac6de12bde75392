"""`python -m docs.generated`: write the parts of the documentation that the project itself knows.

Such a part stands between `<!-- generated: NAME -->` and `<!-- end of NAME -->`. `tests/test_docs.py` fails on one that
is not current. It takes half a minute, because the bundled knowledge is published for it.
"""

import csv
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from triage.knowledge import ReleaseKnowledge

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ROOT / "conditions" / "content"
WORKED_CASE = {
    "patient": {"age": {"value": 67, "unit": "year"}, "sex": "female"},
    "findings": [
        {"id": "pain_groin", "state": "present"},
        {"id": "pain_walking", "state": "present"},
        {"id": "pain_stairs_slopes", "state": "present"},
        {"id": "difficulty_shoes_socks", "state": "present"},
        {"id": "fever", "state": "absent"},
    ],
}
DANGEROUS = [("hip_fracture", "trauma_fall"), ("hip_fracture", "cannot_bear_weight")]
TOLD_CAUSES = 4
WIDTH = 110

Block = Callable[[], str]


def main() -> None:
    """Write every part into its page."""
    for pages in (FROM_FILES, Examples(bundled_knowledge()).parts()):
        for path, parts in pages.items():
            page = ROOT / path
            page.write_text(with_parts(page.read_text(encoding="utf-8"), parts), encoding="utf-8")
            sys.stdout.write(f"{path}: {', '.join(parts)}\n")


def with_parts(text: str, parts: Mapping[str, Block]) -> str:
    """The text with each of its parts written anew. ValueError if it lacks one."""
    for name, block in parts.items():
        text = replaced(text, name, block())
    return text


def replaced(text: str, name: str, block: str) -> str:
    """The text with another part of that name. ValueError if it has none."""
    start, end = f"<!-- generated: {name} -->\n", f"<!-- end of {name} -->"
    before, found, rest = text.partition(start)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"there is no generated part {name!r}")
    return f"{before}{start}{block.strip()}\n{end}{after}"


def red_flags() -> str:
    """The safety rules as a table for each urgency, most urgent first."""
    rows = _read("red_flags.yaml")
    return "\n\n".join(_red_flag_table(level, rows) for level in _levels(rows))


def _levels(rows: list[dict[str, Any]]) -> list[str]:
    known = ["emergency", "same_day", "urgent", "routine"]
    return [level for level in known if any(row["urgency"]["level"] == level for row in rows)]


def _red_flag_table(level: str, rows: list[dict[str, Any]]) -> str:
    chosen = [row for row in rows if row["urgency"]["level"] == level]
    kinds = Counter(row["kind"] for row in chosen)
    counts = ", ".join(f"{kinds[kind]} of kind `{kind}`" for kind in sorted(kinds, reverse=True))
    head = [f"## {level}", f"{len(chosen)} rules: {counts}.", "", "| id | title | fires when | suspects |"]
    lines = [
        f"| `{row['id']}` | {row['title']} | {rule_in_words(row['rule'])} | {', '.join(row['suspected'])} |"
        for row in chosen
    ]
    return "\n".join([*head, "|---|---|---|---|", *lines])


def rule_in_words(rule: Any) -> str:
    """A rule of the content on one line: finding ids joined by `and` and `or`."""
    if isinstance(rule, str):
        return f"`{rule}`"
    ((word, body),) = rule.items()
    match word:
        case "all" | "any":
            parts = [_bracketed(part) for part in body]
            return (" and " if word == "all" else " or ").join(parts)
        case "at_least":
            return f"at least {body['count']} of ({', '.join(rule_in_words(part) for part in body['of'])})"
        case "measurement":
            return f"`{body['id']}` {_bounds({name: value for name, value in body.items() if name != 'id'})}"
        case "age_years":
            return f"age {_bounds(body)}"
        case _:
            return f"{word} `{body}`"


def _bracketed(rule: Any) -> str:
    composite = isinstance(rule, dict) and next(iter(rule)) in {"all", "any"}
    return f"({rule_in_words(rule)})" if composite else rule_in_words(rule)


def _bounds(bounds: Mapping[str, float]) -> str:
    return " ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in bounds.items())


def policy() -> str:
    """The numbers of the release that are no frequencies, each with its ground where it has one."""
    numbers = _read("release.yaml")["policy"]
    names = sorted(numbers.keys() - {"about", "grounds", "texts"})
    lines = [[f"`{name}`", _value(numbers[name]), numbers["grounds"].get(name, "")] for name in names]
    return _table([["name", "value", "ground"], *lines])


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(inner)}" for name, inner in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(_value(inner) for inner in value)
    return str(value)


def counts() -> str:
    """How much the bundled release holds."""
    conditions = [_read(str(path)) for path in sorted(CONTENT.glob("conditions/*.yaml"))]
    rows = [row for condition in conditions for row in _evidence_rows(condition)]
    published = sum("published" in row for row in rows)
    with (CONTENT / "findings.csv").open(newline="") as stream:
        findings = list(csv.DictReader(stream))
    figures = {
        "conditions": len(conditions),
        "of them must-not-miss": sum(condition["must_not_miss"] for condition in conditions),
        "presentations of conditions": sum(len(condition["presentations"]) for condition in conditions),
        "findings": len(findings),
        "evidence rows": len(rows),
        "of them published": published,
        "of them estimates": len(rows) - published,
        "safety rules": len(_read("red_flags.yaml")),
        "treatments": len(_read("treatments.yaml")),
        "citations": len(_read("citations.yaml")),
    }
    return _table([["what", "how many"], *([name, f"{count:,}"] for name, count in figures.items())])


def _evidence_rows(condition: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from condition["evidence"].values()
    for table in condition.get("presentation_evidence", {}).values():
        yield from table.values()


def _read(name: str) -> Any:
    return yaml.load((CONTENT / name).read_text(encoding="utf-8"), yaml.CSafeLoader)


class Examples:
    """The examples, answered with the bundled knowledge."""

    def __init__(self, knowledge: "ReleaseKnowledge") -> None:
        self.knowledge = knowledge
        self.compiled = knowledge.compiled

    def parts(self) -> Mapping[str, Mapping[str, Block]]:
        """Page to name to what writes the part."""
        return {
            "README.md": {"answer": self.answer},
            "docs/clinical/how-it-reasons.md": {
                "worked-example": self.worked_example,
                "suspicion-example": self.suspicion_example,
            },
        }

    def answer(self) -> str:
        """The answer to the example of the README, shortened."""
        from triage.engine import assess
        from triage.requests import read_request

        body = json.loads((ROOT / "examples" / "osteoarthritis.json").read_text())
        answer = assess(read_request(body, self.knowledge).case(), self.compiled)
        return f"```json\n{compact(_shortened(answer))}\n```"

    def worked_example(self) -> str:
        """The log odds of the first causes, answer by answer."""
        from triage.engine.attribution import attribute
        from triage.engine.causes import rank_conditions
        from triage.engine.ranking import by_condition, normalise

        observations, prior = self._observed()
        cause = by_condition(normalise(prior + observations.contributions.sum(axis=0)), self.compiled)
        told = rank_conditions(cause)[:TOLD_CAUSES]
        attribution = attribute(prior, observations, told, self.compiled)
        names = [f"`{self.compiled.conditions[index].key}`" for index in told]
        total = attribution.prior_log_odds + attribution.weights.sum(axis=0)
        lines = [
            ["", "cluster weight", *names],
            ["prior log odds", "", *_figures(attribution.prior_log_odds)],
            *(
                [f"`{key}`", f"{weight:.3f}", *_figures(steps)]
                for key, weight, steps in zip(observations.keys, observations.weights, attribution.weights, strict=True)
            ),
            ["posterior log odds", "", *_figures(total)],
            ["probability", "", *(f"{cause[index]:.3f}" for index in told)],
        ]
        return _table(lines)

    def _observed(self) -> Any:
        from triage.engine.answers import read_answers
        from triage.engine.ranking import log_prior, observe
        from triage.requests import read_request

        case = read_request(WORKED_CASE, self.knowledge).case()
        counted = read_answers(case, self.compiled).counted
        return observe(case, counted, self.compiled), log_prior(case, self.compiled)

    def suspicion_example(self) -> str:
        """Probability and suspicion of a dangerous cause as red-flag findings are added."""
        lines = [["case", "cause", "probability", "suspicion", "threshold", "urgency"]]
        body: dict[str, Any] = json.loads(json.dumps(WORKED_CASE))
        lines.append(self._suspected(body, "as above", DANGEROUS[0][0]))
        for condition, finding in DANGEROUS:
            body["findings"].append({"id": finding, "state": "present"})
            lines.append(self._suspected(body, f"and `{finding}` present", condition))
        return _table(lines)

    def _suspected(self, body: dict[str, Any], what: str, condition: str) -> list[str]:
        from triage.engine import assess
        from triage.engine.case import Options
        from triage.engine.safety import suspicion
        from triage.engine.weighing import weigh
        from triage.requests import read_request

        case = read_request(body, self.knowledge).case()
        answer = assess(case, self.compiled, Options(max_causes=60))
        told = [cause["probability"] for cause in answer["causes"] if cause["condition"] == condition]
        index = self.compiled.condition_index[condition]
        suspected = suspicion(case, weigh(case, self.compiled), self.compiled)[index]
        probability = f"{told[0]:.3f}" if told else "below the listing minimum"
        threshold = f"{self.compiled.conditions[index].threshold:g}"
        urgency = f"`{answer['urgency']['level']}`"
        return [what, f"`{condition}`", probability, f"{suspected:.3f}", threshold, urgency]


def _figures(values: Any) -> list[str]:
    return [f"{value:+.3f}" for value in values]


def _table(lines: list[list[str]]) -> str:
    head, *rows = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join([head, "|" + "---|" * len(lines[0]), *rows])


def _shortened(answer: Any) -> dict[str, Any]:
    """The parts of an answer that show what it is; an ellipsis stands for what is left out."""
    cause = answer["causes"][0]
    evidence, rung = cause["evidence"], answer["ladder"]["rungs"][0]
    return {
        "id": "…",
        "status": answer["status"],
        "knowledge": {"version": answer["knowledge"]["version"], "digest": "sha256:…"},
        "urgency": {name: answer["urgency"][name] for name in ("level", "within_hours", "decided_by")},
        "red_flags": answer["red_flags"],
        "red_flag_screen": {
            "complete": answer["red_flag_screen"]["complete"],
            "unanswered": [{"question": answer["red_flag_screen"]["unanswered"][0]["question"], "…": "…"}, "…"],
        },
        "causes": [
            {
                **{name: cause[name] for name in ("rank", "condition", "name")},
                "probability": round(cause["probability"], 3),
                "interval": {name: round(bound, 3) for name, bound in cause["interval"].items()},
                "band": cause["band"],
                "codes": [{"code": cause["codes"][0]["code"], "…": "…"}, "…"],
                "evidence": {
                    "prior_log_odds": round(evidence["prior_log_odds"], 3),
                    "supporting": [_weighed(evidence["supporting"][0]), "…"],
                    "…": "…",
                },
                "…": "…",
            },
            "…",
        ],
        "ladder": {
            "status": answer["ladder"]["status"],
            "reason": answer["ladder"]["reason"],
            "rungs": [
                {
                    "rung": rung["rung"],
                    "name": rung["name"],
                    "items": [
                        {name: rung["items"][0][name] for name in ("name", "how", "status", "strength")},
                        "…",
                    ],
                    "…": "…",
                },
                "…",
            ],
        },
        "…": "…",
    }


def compact(value: Any, indent: int = 0) -> str:
    """JSON with what fits on one line on one line."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(line) + indent <= WIDTH:
        return line
    inner = " " * (indent + 2)
    if isinstance(value, dict):
        parts = [
            f"{inner}{json.dumps(key, ensure_ascii=False)}: {compact(part, indent + 2)}" for key, part in value.items()
        ]
    else:
        parts = [f"{inner}{compact(part, indent + 2)}" for part in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return "\n".join([opening, ",\n".join(parts), " " * indent + closing])


def _weighed(finding: Mapping[str, Any]) -> dict[str, Any]:
    return {"finding": finding["finding"], "state": finding["state"], "weight": round(finding["weight"], 3)}


def bundled_knowledge() -> "ReleaseKnowledge":
    """The bundled knowledge, published in a database of its own; nothing of it stays there."""
    import django

    from hipcare import postgres

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hipcare.settings")
    os.environ.setdefault("HIPCARE_MODE", "development")
    postgres.use_embedded_unless_configured("docs-postgres")
    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from triage.actions import publishing
    from triage.knowledge import release_knowledge

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        knowledge = release_knowledge(publishing.publish(release=publishing.load()).pk)
        transaction.set_rollback(True)
    return knowledge


FROM_FILES: Mapping[str, Mapping[str, Block]] = {
    "docs/clinical/red-flags.md": {"red-flags": red_flags},
    "docs/clinical/how-it-reasons.md": {"policy": policy},
    "docs/clinical/knowledge.md": {"counts": counts},
}

if __name__ == "__main__":
    main()
