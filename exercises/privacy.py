"""What the fields of this app say about people: nothing. It holds what can be done, not who does it."""

from hipcare.privacy import FieldClass, FieldClasses

FIELD_CLASSES: FieldClasses = FieldClass.NEUTRAL
