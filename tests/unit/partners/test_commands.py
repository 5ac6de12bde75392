"""The commands of partners."""

import stat
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from partners import selectors
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
