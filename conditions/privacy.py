"""What the fields of this app say about people: nothing. It holds what is known, not who has it."""

from hipcare.privacy import FieldClass, FieldClasses

FIELD_CLASSES: FieldClasses = FieldClass.NEUTRAL
