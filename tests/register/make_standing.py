"""Builders that put dated facts straight into the database, for tests of what is read from them."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert

from services.register.domain.person import folded, number_from
from services.register.operations.public_entries import republish
from services.register.storage import tables
from services.register.storage.facts import assert_fact, correct_fact, days, versions
from shared.actor import Actor
from shared.database import Transaction
from shared.journal import Record
from tests.register.conftest import Register

REGISTRAR = Actor(subject="registrar-one", client_id="registrar-one")
BEFORE = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)


def record(at: datetime, event: str = "member.recorded") -> Record:
    """Return a record that tests write with."""
    return Record(actor=REGISTRAR, at=at, event=event, subject="a test", facts={})


async def person(tx: Transaction, serial: int, *, at: datetime = BEFORE, **values: Any) -> tuple[int, str]:
    """Write somebody with a number and no facts, and return id and number."""
    family = values.pop("family_name", "Nobody")
    row = {
        "number": number_from(serial),
        "given_names": "Nia",
        "family_name": family,
        "folded_name": folded("Nia") + folded(family),
        "date_of_birth": date(1980, 2, 29),
        "created_at": at,
        **values,
    }
    person_id = await tx.scalar(insert(tables.people).values(row).returning(tables.people.c.id))
    return int(person_id), row["number"]


async def fact(
    tx: Transaction,
    name: str,
    person_id: int,
    first: date,
    last: date | None = None,
    *,
    at: datetime = BEFORE,
    **content: Any,
) -> int:
    """Write one dated fact of the table ``name``."""
    table = tables.metadata.tables[name]
    return await assert_fact(
        tx, table, person_id=person_id, valid=days(first, last), record=record(at), **content
    )


async def sanction(tx: Transaction, person_id: int, kind: str, first: date, **values: Any) -> int:
    """Write a sanction."""
    content = {
        "last": None,
        "public_reason": "A finding of the panel.",
        "internal_reason": "Confidential",
        "conditions": "Works under supervision." if kind == "conditions" else None,
        "imposed_by": "registrar-one",
        **values,
    }
    return await fact(tx, "sanctions", person_id, first, kind=kind, **content)


async def licensed(
    tx: Transaction,
    person_id: int,
    first: date,
    last: date,
    *,
    at: datetime = BEFORE,
    scope: str = "personal_guidance",
    serial: str = "1",
) -> None:
    """Write everything from membership to a licence with one scope."""
    await tx.execute(
        insert(tables.member_ids).values(association="ICG", member_id=serial, person_id=person_id)
    )
    member = {"association": "ICG", "member_id": serial, "level": "professional"}
    await fact(tx, "memberships", person_id, first, at=at, **member)
    holding_id = await fact(
        tx, "holdings", person_id, first, at=at, association="ICG", title="Diploma", framework="QCF",
        level="6", credits=60, relevant=True, status="authenticated", submitted_by="icg-system",
        decided_by="registrar-one", subject="career_development",
    )  # fmt: skip
    application_id = await tx.scalar(
        insert(tables.applications)
        .values(
            person_id=person_id, association="ICG", scopes=[scope], status="admitted",
            submitted_by="icg-system", submitted_at=at, decided_by="registrar-two",
        )
        .returning(tables.applications.c.id)
    )  # fmt: skip
    await fact(tx, "register_entries", person_id, first, at=at, status="on_register")
    basis = {"application_id": application_id, "holding_id": holding_id, "policy_version": "entry-2011"}
    await fact(tx, "licences", person_id, first, last, at=at, **basis)
    await fact(tx, "licence_scopes", person_id, first, last, at=at, scope=scope)


async def licensee(
    register: Register, serial: int = 1234567, *, first: date = date(2026, 1, 1),
    last: date = date(2026, 12, 31), **values: Any,
) -> str:  # fmt: skip
    """Return the number of somebody with a published licence for these days."""
    licence = {name: values.pop(name) for name in ("at", "scope") if name in values}
    async with register.db.transaction(REGISTRAR) as tx:
        person_id, number = await person(tx, serial, at=licence.get("at", BEFORE), **values)
        await licensed(tx, person_id, first, last, serial=str(serial), **licence)
        await republish(tx, [person_id], now=register.clock())
    return number


async def suspend(register: Register, number: str, *, first: date | None = None) -> None:
    """Suspend somebody from a day on, today if not said, and publish it."""
    now = register.clock()
    async with register.db.transaction(REGISTRAR) as tx:
        people = tables.people
        person_id = await tx.scalar(people.select().with_only_columns(people.c.id).filter_by(number=number))
        await sanction(tx, person_id, "suspension", first or now.date(), at=now)
        await republish(tx, [person_id], now=now)


async def lift(register: Register, number: str, *, last: date) -> None:
    """Say that all sanctions of somebody end on a day, and publish it."""
    now = register.clock()
    async with register.db.transaction(REGISTRAR) as tx:
        people = tables.people
        person_id = await tx.scalar(people.select().with_only_columns(people.c.id).filter_by(number=number))
        for version in await versions(tx, tables.sanctions, tables.sanctions.c.person_id == person_id):
            valid = days(version.valid.lower, last)
            await correct_fact(tx, tables.sanctions, version, valid=valid, record=record(now))
        await republish(tx, [person_id], now=now)


async def merge(tx: Transaction, merged_id: int, kept_id: int, on: date, *, at: datetime = BEFORE) -> None:
    """Merge one person into another from a day on."""
    why = {"kept_person_id": kept_id, "decided_by": "registrar-two", "reason": "One person."}
    await fact(tx, "merges", merged_id, on, at=at, **why)
