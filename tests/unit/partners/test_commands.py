"""The commands of partners."""

import json
import stat
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from joserfc.jwk import ECKey, KeySet

from partners import selectors, signing
from partners.actions import clients, tokens
from partners.models import Client, Scope

pytestmark = pytest.mark.django_db


def _make_demo(path: Path) -> str:
    call_command("make_demo_partner", token_file=path, stdout=StringIO())
    return path.read_text().strip()


def test_the_demo_partner_can_do_everything(tmp_path: Path) -> None:
    path = tmp_path / "new" / "demo-token"
    valid = selectors.valid_token(_make_demo(path))
    assert valid is not None
    assert valid.principal.scopes == set(Scope.values)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["demo-token"]


def test_making_it_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "demo-token"
    first = _make_demo(path)
    path.chmod(0o644)
    events = selectors.audit_events().count()
    assert _make_demo(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert selectors.audit_events().count() == events
    assert selectors.organisations().count() == selectors.clients().count() == selectors.tokens().count() == 1


@pytest.mark.parametrize("content", ["", "nonsense", f"hipcare_{'0' * 12}_{'0' * 64}", "revoked"])
def test_a_token_that_does_not_work_is_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "demo-token"
    if content == "revoked":
        content = _make_demo(path)
        call_command("revoke_token", content.split("_")[1], stdout=StringIO())
    path.write_text(content)
    made = _make_demo(path)
    assert made != content
    assert selectors.valid_token(made) is not None


def test_a_token_of_someone_else_is_not_taken_for_the_demo(tmp_path: Path, client_program: Client) -> None:
    path = tmp_path / "demo-token"
    path.write_text(tokens.issue(client=client_program, by="test")[1])
    valid = selectors.valid_token(_make_demo(path))
    assert valid is not None
    assert valid.principal.client_id != client_program.id


def test_the_demo_client_gets_scopes_that_are_new(tmp_path: Path) -> None:
    text = _make_demo(tmp_path / "demo-token")
    client = selectors.clients().get()
    clients.change(client=client, name=client.name, scopes=["knowledge:read"], active=True, by="test")
    assert _make_demo(tmp_path / "demo-token") == text
    assert set(selectors.clients().get().scopes) == set(Scope.values)


def test_a_token_is_issued_and_revoked(client_program: Client) -> None:
    out = StringIO()
    call_command("issue_token", str(client_program.id), days=30, stdout=out)
    text = out.getvalue().strip()
    token = selectors.tokens().get()
    assert selectors.valid_token(text) is not None
    assert token.expires_at is not None
    assert (token.expires_at - token.created_at).days in (29, 30)
    call_command("revoke_token", token.prefix, stdout=StringIO())
    assert selectors.valid_token(text) is None


def test_nonsense_is_refused_with_a_sentence(client_program: Client) -> None:
    with pytest.raises(CommandError, match="no client"):
        call_command("issue_token", str(uuid4()))
    with pytest.raises(CommandError, match="at least 1"):
        call_command("issue_token", str(client_program.id), days=0)
    with pytest.raises(CommandError, match="no token"):
        call_command("revoke_token", "0" * 12)


def _run(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command(*arguments, **options, stdout=out)
    return out.getvalue().strip()


def test_a_client_secret_is_issued_and_rotated(client_program: Client) -> None:
    first = _run("issue_token", str(client_program.id), secret=True, days=10)
    second = _run("rotate_token", first.split("_")[1], overlap_hours=1)
    for text in (first, second):
        assert selectors.valid_token(text, "client_secret") is not None
    _run("revoke_token", first.split("_")[1])
    assert selectors.valid_token(first, "client_secret") is None
    with pytest.raises(CommandError, match="issue a new one"):
        _run("rotate_token", first.split("_")[1])
    with pytest.raises(CommandError, match="at least 1"):
        _run("rotate_token", second.split("_")[1], overlap_hours=0)
    with pytest.raises(CommandError, match="no token"):
        _run("rotate_token", "0" * 12)


def test_a_client_is_revoked(client_program: Client) -> None:
    _run("revoke_client", str(client_program.id), keep_on=True)
    client_program.refresh_from_db()
    assert (client_program.active, client_program.generation) == (True, 1)
    _run("revoke_client", str(client_program.id))
    client_program.refresh_from_db()
    assert not client_program.active
    with pytest.raises(CommandError, match="no client"):
        _run("revoke_client", str(uuid4()))


def test_the_keys_of_a_client_are_registered(client_program: Client, tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    public = KeySet([ECKey.generate_key("P-384")]).as_dict(private=False)
    path.write_text(json.dumps(public))
    _run("set_client_keys", str(client_program.id), jwks=path)
    client_program.refresh_from_db()
    assert client_program.jwks == public
    _run("set_client_keys", str(client_program.id), jwks_url="https://partner.example.org/jwks.json")
    client_program.refresh_from_db()
    assert (client_program.jwks, client_program.jwks_url[:8]) == (None, "https://")
    for wrong in ("http://partner.example.org/jwks.json", "https://me:secret@partner.example.org/"):
        with pytest.raises(CommandError, match="https address"):
            _run("set_client_keys", str(client_program.id), jwks_url=wrong)
    path.write_text("nonsense")
    with pytest.raises(CommandError, match="cannot be read"):
        _run("set_client_keys", str(client_program.id), jwks=path)


def test_signing_keys_are_rotated_in_the_database_and_in_a_file(tmp_path: Path, settings: Any) -> None:
    assert _run("rotate_signing_keys") != _run("rotate_signing_keys", drop_old=True)
    path = tmp_path / "keys.json"
    for expected in (1, 2, 2):
        _run("rotate_signing_keys", file=path)
        signing.keys_of_file.cache_clear()
        assert len(signing.keys_of_file(path)) == expected
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    settings.HIPCARE_SIGNING_KEYS_FILE = path
    with pytest.raises(CommandError, match="put a new one first"):
        _run("rotate_signing_keys")
