"""What a translation must keep."""

import pytest

from triage.translation.checks import losses


@pytest.mark.parametrize(
    ("text", "translated"),
    [
        ("No fever.", "Sin fiebre."),
        ("{name} for {count} days", "{count} días de {name}"),
        ("%(days)s days after", "%(days)s días después"),
        ("From 38.5 °C, 1,000 times, 24/7", "24/7, 1.000 veces, desde 38,5 °C"),
    ],
)
def test_a_faithful_translation_loses_nothing(text: str, translated: str) -> None:
    assert list(losses(text, translated)) == []


@pytest.mark.parametrize(
    ("text", "translated", "said"),
    [
        ("{name} hurts", "duele", "the placeholders differ: {name} became none"),
        ("{name} hurts", "{nombre} duele", "the placeholders differ: {name} became {nombre}"),
        ("{name} hurts", "{name} duele {", "the placeholders differ: {name} became {, {name}"),
        ("%(days)s days", "%(dias)s días", "the placeholders differ: %(days)s became %(dias)s"),
        ("See a doctor", "Vea {name}", "the placeholders differ: none became {name}"),
        ("within 24 hours", "en 42 horas", "the numbers differ: 24 became 42"),
        ("10 to 15 times", "10 veces", "the numbers differ: 10, 15 became 10"),
        ("for 3 days", "tres días", "the numbers differ: 3 became none"),
    ],
)
def test_what_is_lost_is_told(text: str, translated: str, said: str) -> None:
    assert list(losses(text, translated)) == [said]
