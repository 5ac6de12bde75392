"""Scopes as clients ask for them at the token endpoint."""

from partners.models import Scope

# What a SMART client asks for by its own name: to read and search everything.
MAPPED = {"system/*.rs": frozenset({Scope.ASSESSMENTS_READ.value, Scope.KNOWLEDGE_READ.value})}
KNOWN = (*Scope.values, *MAPPED)


def granted(asked: str, held: frozenset[str]) -> tuple[frozenset[str], str] | None:
    """The scopes to grant a client that holds `held`, and how the answer tells them; None if it asks for too much.

    Without a wish it gets all it holds. A scope of ours is granted or refused; `system/*.rs` is cut down to the
    scopes behind it that the client holds, and told again only if it holds all of them.
    """
    words = frozenset(asked.split())
    wildcards = words & MAPPED.keys()
    plain = words - wildcards if words else held
    wide = frozenset[str]().union(*(MAPPED[word] for word in wildcards))
    scopes = plain | (wide & held)
    if not scopes or not plain <= held:
        return None
    told = scopes | {word for word in wildcards if MAPPED[word] <= held}
    return scopes, " ".join(sorted(told))
