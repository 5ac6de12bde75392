"""What each stored field says about people. Every app declares it in `privacy.py`; a test fails on a field without.

`FIELD_CLASSES` in `<app>/privacy.py` is a mapping from model name to field name to class, or one class for an app
whose every field has it.
"""

from collections.abc import Mapping
from enum import Enum


class FieldClass(Enum):
    """How a field is treated: kept out of logs and exports, or not."""

    CLINICAL = "clinical"
    """What is known or answered about one patient; erased with the assessment."""
    IDENTIFYING = "identifying"
    """Could tell who a patient, a member of staff or a caller is; never logged."""
    NEUTRAL = "neutral"
    """Says nothing about a person."""


FieldClasses = Mapping[str, Mapping[str, FieldClass]] | FieldClass
