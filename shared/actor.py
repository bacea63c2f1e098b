"""Who is asking."""

from dataclasses import dataclass, field

from shared.errors import Forbidden, Unauthenticated


class ScopeMissing(Forbidden):
    """The access token does not carry the scope {scope}: ask for it when requesting the token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A caller whose token was verified, or anyone.

    ``subject`` is the person or system that acts: it stands in the journal, and four-eyes rules compare it.
    ``association``, ``body`` and ``urn`` say for whom the caller may speak, where it speaks for anyone.
    """

    subject: str
    client_id: str | None = None
    scopes: frozenset[str] = field(default_factory=frozenset)
    association: str | None = None
    body: str | None = None
    urn: str | None = None

    @classmethod
    def anonymous(cls) -> "Actor":
        """Return the caller who sent no token."""
        return cls(subject="anyone")

    @classmethod
    def system(cls, name: str) -> "Actor":
        """Return the actor under whose name a job of ours writes."""
        return cls(subject=f"system:{name}")

    @property
    def is_anonymous(self) -> bool:
        """Say whether no token was sent."""
        return self.client_id is None and self.subject == "anyone"

    def may(self, scope: str) -> bool:
        """Say whether the token carries ``scope``."""
        return scope in self.scopes

    def require(self, *scopes: str) -> None:
        """Refuse unless the token carries one of ``scopes``."""
        if self.is_anonymous:
            raise Unauthenticated
        if not any(scope in self.scopes for scope in scopes):
            raise ScopeMissing(scope=" or ".join(scopes))
