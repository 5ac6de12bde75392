"""The demo partner: someone to be while trying the service on one's own machine."""

from django.db import transaction

from partners import selectors
from partners.actions import clients, organisations, tokens
from partners.models import Client, Scope

ORGANISATION = "Demo partner"
CLIENT = "Demo client"


@transaction.atomic
def token_text(*, kept: str, by: str) -> str:
    """The text of a token of the demo client with every scope: `kept` while it is accepted, else a new one."""
    client = _client(by)
    token = selectors.valid_token(kept)
    if token is not None and token.principal.client_id == client.id:
        return kept
    return tokens.issue(client=client, by=by)[1]


def _client(by: str) -> Client:
    """The demo client, made or brought up to date."""
    organisation = selectors.organisations().filter(name=ORGANISATION).first()
    organisation = organisation or organisations.create(name=ORGANISATION, by=by)
    client = selectors.clients().filter(organisation=organisation, name=CLIENT).first()
    if client is None:
        return clients.create(organisation=organisation, name=CLIENT, scopes=Scope.values, by=by)
    if set(client.scopes) == set(Scope.values):
        return client
    return clients.change(client=client, name=CLIENT, scopes=Scope.values, active=client.active, by=by)
