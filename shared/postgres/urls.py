"""The ways to write the address of a PostgreSQL database.

People and hosts write ``postgres://`` or ``postgresql://``; SQLAlchemy needs the driver named, asyncpg must
not see it. A Unix socket is written ``?host=/folder`` in both.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

DRIVER = "postgresql+asyncpg"
SCHEMES = ("postgres", "postgresql", DRIVER)


class NotAPostgresAddress(ValueError):
    """A database address starts with postgres:// or postgresql://, but this one starts with {scheme}."""

    def __init__(self, scheme: str) -> None:
        super().__init__((self.__doc__ or "").format(scheme=scheme + "://" if scheme else "no scheme"))


def normalise_url(url: str) -> str:
    """Return the address as SQLAlchemy wants it, whichever of the three usual schemes it came with."""
    return _with_scheme(url, DRIVER)


def asyncpg_dsn(url: str) -> str:
    """Return the address as asyncpg itself wants it."""
    return _with_scheme(url, "postgresql")


def with_database(url: str, database: str) -> str:
    """Return the same server and role with another database."""
    parts = urlsplit(url)
    return _joined(parts.scheme, parts.netloc, database, parts.query)


def with_role(url: str, role: str, password: str) -> str:
    """Return the same server and database as seen by another role."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    login = f"{quote(role, safe='')}:{quote(password, safe='')}"
    return _joined(parts.scheme, f"{login}@{place}", parts.path.removeprefix("/"), parts.query)


def socket_url(*, role: str, password: str, database: str, folder: str, port: int) -> str:
    """Return the address of a database behind a Unix socket; with its port, so that no PGPORT changes it."""
    login = f"{quote(role, safe='')}:{quote(password, safe='')}"
    query: Mapping[str, str | int] = {"host": folder, "port": port}
    return _joined(DRIVER, f"{login}@", database, urlencode(query, safe="/"))


def passwords_in(url: str) -> list[str]:
    """Return every password that stands in the address, before the host or after the path."""
    parts = urlsplit(url)
    login = [] if parts.password is None else [unquote(parts.password)]
    return login + [value for name, value in parse_qsl(parts.query) if name == "password"]


def shown(url: str) -> str:
    """Return the address without its password, fit to be printed."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2] or dict(parse_qsl(parts.query)).get("host", "")
    return f"{place}{'' if parts.path in ('', '/') else parts.path}"


def _with_scheme(url: str, scheme: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise NotAPostgresAddress(parts.scheme)
    return _joined(scheme, parts.netloc, parts.path.removeprefix("/"), parts.query)


def _joined(scheme: str, netloc: str, database: str, query: str) -> str:
    # urlunsplit drops the "//" of an address that has no host, as one to a Unix socket may have.
    rest = urlunsplit(("", "", f"/{database}", query, ""))
    return f"{scheme}://{netloc}{rest}"
