"""What the person who started everything is told: where it is, who may come in, what to try."""

import shlex
from collections.abc import Mapping
from typing import Any


def text(sample: Mapping[str, Any], *, where: str, seconds: float) -> str:
    """Return what to print once everything is ready."""
    addresses: Mapping[str, str] = sample["addresses"]
    parts = [
        _table("Addresses", {name: (address,) for name, address in addresses.items()}),
        _table(
            "Clients (id and secret)",
            {kind: (client["id"], client["secret"]) for kind, client in sample.get("clients", {}).items()},
        ),
        _table(
            "Numbers to look up",
            {kind: (person["number"],) for kind, person in sample.get("people", {}).items()},
        ),
        _table(
            "Schools to look up",
            {kind: (school["urn"],) for kind, school in sample.get("schools", {}).items()},
        ),
        _commands(sample, addresses),
        f"ready in {seconds:.1f} s ({where}). Ctrl-C stops everything, `make reset` removes all data.",
    ]
    return "\n" + "\n\n".join(part for part in parts if part)


def variables(sample: Mapping[str, Any]) -> str:
    """Return the same facts as shell commands that set variables, to try things by hand."""
    named = {f"{service}_url": address for service, address in sample.get("addresses", {}).items()}
    for kind, client in sample.get("clients", {}).items():
        named[kind] = f"{client['id']}:{client['secret']}"
    for kind, person in sample.get("people", {}).items():
        for fact, value in person.items():
            named[kind if fact == "number" else f"{kind}_{fact}"] = str(value)
    for kind, school in sample.get("schools", {}).items():
        named[f"school_{kind}"] = school["urn"]
    return "\n".join(f"export {name.upper()}={shlex.quote(value)}" for name, value in named.items())


def _table(title: str, rows: Mapping[str, tuple[str, ...]]) -> str:
    if not rows:
        return ""
    width = max(len(name) for name in rows)
    widths = [
        max(len(row[column]) for row in rows.values()) for column in range(len(next(iter(rows.values()))))
    ]
    lines = [
        f"  {name:<{width}}  " + "  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True))
        for name, row in rows.items()
    ]
    return "\n".join([title, *(line.rstrip() for line in lines)])


def _commands(sample: Mapping[str, Any], addresses: Mapping[str, str]) -> str:
    people = list(sample.get("people", {}).values())
    clients = list(sample.get("clients", {}).values())
    schools = list(sample.get("schools", {}).values())
    number = people[0]["number"] if people else "CR..."
    lines = []
    if "register" in addresses:
        lines.append(f"curl {addresses['register']}/v1/licences/{number}")
    if "gateway" in addresses:
        gateway = addresses["gateway"]
        query = f'{{"query": "{{ licence(number: \\"{number}\\") {{ verdict }} }}"}}'
        lines.append(f"curl {gateway}/graphql -H 'Content-Type: application/json' -d '{query}'")
        if clients:
            login = f"{clients[0]['id']}:{clients[0]['secret']}"
            lines.append(f"curl {gateway}/oauth/token -u '{login}' -d grant_type=client_credentials")
        lines.append(f"and in a browser: {gateway}/")
        lines += [f"                  {gateway}/school?urn={school['urn']}" for school in schools[:1]]
        lines += [f"                  {gateway}/{page}" for page in ("graphiql", "docs")]
    return "\n".join(["Try", *(f"  {line}" for line in lines)]) if lines else ""
