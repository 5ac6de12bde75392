"""Reading grades: of every text long enough to be measured by itself, and of every group of texts together.

The grade is that of Flesch and Kincaid (Kincaid 1975): 0.39 words a sentence + 11.8 syllables a word - 15.59, the years
at a school of the United States that it takes to understand a text. Grade 8 is read at 13. In a text of a few words the
formula is erratic, so short ones count in their group alone.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import textstat

from .medical_words import UNAVOIDABLE
from .texts import Text

GROUP_CEILING = 8.0
# Above the aim for one text alone, because one long word or list moves it by a grade.
TEXT_CEILING = 9.0
LEAST_WORDS = 20

_LONGEST_FIRST = sorted(map(re.escape, UNAVOIDABLE), key=len, reverse=True)
_MEDICAL = re.compile(rf"\b(?:{'|'.join(_LONGEST_FIRST)})s?\b", re.IGNORECASE)
_DECIMAL_OR_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d)")


@dataclass(frozen=True, slots=True)
class Counts:
    words: int
    sentences: int
    syllables: int

    @property
    def grade(self) -> float:
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59


def counts(words: str) -> Counts:
    """What the formula counts, with unavoidable medical words as short ones."""
    simple = _DECIMAL_OR_THOUSANDS.sub("", _MEDICAL.sub("word", words)).replace("-", " ")
    return Counts(
        textstat.lexicon_count(simple) or 1, textstat.sentence_count(simple) or 1, textstat.syllable_count(simple)
    )


def together(parts: Iterable[Counts]) -> Counts:
    """The counts of several texts as if they were one."""
    words, sentences, syllables = zip(*((row.words, row.sentences, row.syllables) for row in parts), strict=True)
    return Counts(sum(words), sum(sentences), sum(syllables))


def grades_of_groups(texts: Iterable[Text]) -> dict[str, float]:
    groups: defaultdict[str, list[Counts]] = defaultdict(list)
    for text in texts:
        groups[text.group].append(counts(text.words))
    return {group: together(parts).grade for group, parts in groups.items()}


def problems(texts: Iterable[Text]) -> list[str]:
    """A line for each text and each group that is too hard, with file, id and grade."""
    rows = list(texts)
    measured = [(counts(text.words), text) for text in rows]
    hard = [
        f"{text.file}: {text.place}: grade {count.grade:.1f} is above {TEXT_CEILING}: {text.words}"
        for count, text in measured
        if count.words >= LEAST_WORDS and count.grade > TEXT_CEILING
    ]
    return hard + [
        f"all {group} together: grade {grade:.1f} is above {GROUP_CEILING}"
        for group, grade in grades_of_groups(rows).items()
        if grade > GROUP_CEILING
    ]
