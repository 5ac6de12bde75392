"""What rules say about age, sex and measurements: with the findings it is all that a rule can depend on."""

from abc import ABC, abstractmethod
from bisect import bisect_right, insort
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Any

_COMPARISONS = {"at_least": ge, "above": gt, "at_most": le, "below": lt}


@dataclass(frozen=True, slots=True)
class View:
    """One reading of a case in which nothing is unknown: `bits` has a one for every finding taken as present."""

    bits: int
    age_years: float
    sex: str
    measurements: Mapping[str, float]
    unmeasured: bool
    """What a condition on a measurement that was not taken counts as."""


class Circumstance(ABC):
    """A rule about age, sex or a measurement, which no further question about findings can decide."""

    @abstractmethod
    def holds(self, view: View) -> bool:
        """Whether it is true in this reading."""

    def questions(self, facts: object) -> int:
        """None."""
        return 0

    def atoms(self) -> Iterator[str]:
        """No findings."""
        return iter(())

    def circumstances(self) -> Iterator["Circumstance"]:
        """Itself."""
        yield self


@dataclass(frozen=True, eq=False)
class Age(Circumstance):
    """From `low` and below `high` years."""

    low: float
    high: float

    def holds(self, view: View) -> bool:
        """Whether the age lies between them."""
        return self.low <= view.age_years < self.high


@dataclass(frozen=True, eq=False)
class Sex(Circumstance):
    """Of this sex."""

    sex: str

    def holds(self, view: View) -> bool:
        """Where the sex is not known the more dangerous reading counts."""
        return view.sex in {self.sex, "unknown"}


@dataclass(frozen=True, eq=False)
class Measurement(Circumstance):
    """A measurement within limits."""

    key: str
    tests: tuple[tuple[Callable[[float, float], bool], float], ...]

    @classmethod
    def from_tree(cls, body: Mapping[str, Any]) -> "Measurement":
        """The rule as the content writes it."""
        return cls(body["id"], tuple((_COMPARISONS[name], bound) for name, bound in body.items() if name != "id"))

    def holds(self, view: View) -> bool:
        """Whether the value lies within; what counts where there is none is up to the reading."""
        value = view.measurements.get(self.key)
        if value is None:
            return view.unmeasured
        for compare, bound in self.tests:  # noqa: SIM110 - a loop is twice as fast as a generator, on the hottest path
            if not compare(value, bound):
                return False
        return True


class Circumstances:
    """All rules of one language about age, sex and measurements.

    Which of them hold is one number: each has two bits at its place, for what is certain and for what is possible.
    """

    def __init__(self) -> None:
        self._places: dict[Circumstance, int] = {}
        self._measured: dict[str, list[tuple[Measurement, int]]] = {}
        """The rules about each measurement with their bits."""
        self._ages: list[float] = []
        """Where an age begins to count as another one: between two of these all ages are alike."""
        self._unmeasured: dict[tuple[int, str], int] = {}
        """What holds of people between two such ages and of one sex of whom nothing is measured."""

    def add(self, rule: Circumstance) -> None:
        """Give a rule its place, unless it has one."""
        if rule in self._places:
            return
        self._places[rule] = len(self._places)
        self._unmeasured.clear()
        if isinstance(rule, Age):
            insort(self._ages, rule.low)
            insort(self._ages, rule.high)
        if isinstance(rule, Measurement):
            self._measured.setdefault(rule.key, []).append((rule, self._bits(rule)))

    def mask(self, rules: Iterator[Circumstance]) -> int:
        """The bits of some rules."""
        bits = 0
        for rule in rules:
            bits |= self._bits(rule)
        return bits

    def holding(self, certain: View) -> int:
        """Which rules hold of a person, by the certain reading: what is measured is the same in both."""
        bits = self._holding_unmeasured(certain.age_years, certain.sex)
        for key in certain.measurements:
            for rule, place in self._measured.get(key, ()):
                bits = bits | place if rule.holds(certain) else bits & ~place
        return bits

    def _holding_unmeasured(self, age_years: float, sex: str) -> int:
        alike = (bisect_right(self._ages, age_years), sex)
        bits = self._unmeasured.get(alike)
        if bits is None:
            certain = View(0, age_years, sex, {}, unmeasured=False)
            possible = View(0, age_years, sex, {}, unmeasured=True)
            bits = sum(self._two_bits(rule, certain, possible) for rule in self._places)
            self._unmeasured[alike] = bits
        return bits

    def _bits(self, rule: Circumstance) -> int:
        return 0b11 << 2 * self._places[rule]

    def _two_bits(self, rule: Circumstance, certain: View, possible: View) -> int:
        return (rule.holds(certain) << 1 | rule.holds(possible)) << 2 * self._places[rule]
