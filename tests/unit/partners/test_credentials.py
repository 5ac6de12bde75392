"""The text of tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners import credentials


def test_what_is_generated_is_parsed_back() -> None:
    credential = credentials.generate()
    assert credentials.parse(credential.text) == credential


def test_no_two_are_alike() -> None:
    made = [credentials.generate() for _ in range(100)]
    assert len({credential.prefix for credential in made}) == len({credential.secret for credential in made}) == 100


def test_the_hash_is_sha_256_of_the_secret() -> None:
    assert credentials.Credential("0" * 12, "abc").secret_hash == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


@given(st.text())
def test_other_text_is_no_token(text: str) -> None:
    assert credentials.parse(text) is None


@pytest.mark.parametrize(
    "spoil", [str.upper, lambda text: text + "\n", lambda text: text[:-1], lambda text: " " + text]
)
def test_nearly_a_token_is_no_token(spoil: object) -> None:
    assert callable(spoil)
    assert credentials.parse(spoil(credentials.generate().text)) is None
