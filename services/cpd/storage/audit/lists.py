"""Frozen lists and what is drawn from them: made by single statements, however many people there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from sqlalchemy import func, insert, select, text

from services.cpd.domain.audit.draw import Exclusion
from services.cpd.domain.policy import MembershipLevel
from services.cpd.storage.audit.audits import Freeze
from services.cpd.storage.audit.tables import audit_draws, audit_freezes, audit_people, audit_sizes
from services.cpd.storage.members import REGISTER
from shared.database import Transaction
from shared.journal import Record

BLOCK = 64  # bytes of a block of SHA-256, to which HMAC pads its key
SECONDS_FOR_EVERYBODY = 300

# Of merged numbers the one that is kept stands for the person, over any number of merges.
_FREEZE = text("""
WITH RECURSIVE standing AS (SELECT number, kept_number FROM merges WHERE known_to IS NULL),
    kept AS (
        SELECT m.number, m.kept_number AS root FROM standing m
        UNION ALL SELECT kept.number, m.kept_number FROM kept JOIN standing m ON m.number = kept.root
    ),
    roots AS (
        SELECT number, root FROM kept WHERE NOT EXISTS (SELECT FROM standing m WHERE m.number = kept.root)
    ),
    professionals AS (
        SELECT coalesce(roots.root, m.number) AS number,
            array_agg(DISTINCT m.association COLLATE "C") AS associations
        FROM memberships m LEFT JOIN roots ON roots.number = m.number
        WHERE m.known_to IS NULL AND m.level = :level AND m.association = ANY (:associations)
            AND m.valid_from <= :day AND coalesce(m.valid_to, 'infinity') >= :day
        GROUP BY 1
    ),
    moves AS (
        SELECT DISTINCT ON (1) coalesce(roots.root, m.number) AS number, m.moved_on, m.entered
        FROM register_moves m LEFT JOIN roots ON roots.number = m.number
        WHERE m.moved_on <= :day AND m.known_to IS NULL
        ORDER BY 1, m.moved_on DESC, m.position DESC
    ),
    paused AS (
        SELECT coalesce(roots.root, p.number) AS number, bool_or(p.kind = 'exemption') AS exempt
        FROM pauses p LEFT JOIN roots ON roots.number = p.number
        WHERE upper_inf(p.known) AND p.valid @> CAST(:day AS date) GROUP BY 1
    ),
    audited AS (
        SELECT coalesce(roots.root, c.number) AS number,
            bool_or(c.state NOT IN ('met', 'failed', 'overturned', 'made_good', 'withdrawn')) AS open,
            bool_or(c.audit_id IS NOT NULL AND c.state <> 'withdrawn'
                AND (c.opened_at AT TIME ZONE 'Europe/London')::date > :audited_since) AS recently
        FROM audit_cases c LEFT JOIN roots ON roots.number = c.number GROUP BY 1
    ),
    pending AS (
        SELECT DISTINCT coalesce(roots.root, p.number) AS number
        FROM audit_people p JOIN audits a ON a.id = p.audit_id LEFT JOIN roots ON roots.number = p.number
        WHERE a.state IN ('frozen', 'seeded') AND p.exclusion IS NULL
    ),
    considered AS (
        SELECT p.number, p.associations, CASE
            WHEN m.entered IS NOT TRUE THEN 'not_on_register'
            WHEN m.moved_on > :entered_by THEN 'newly_registered'
            WHEN paused.exempt THEN 'exempt'
            WHEN paused.number IS NOT NULL THEN 'deferred'
            WHEN audited.open THEN 'audit_open'
            WHEN pending.number IS NOT NULL THEN 'being_drawn'
            WHEN audited.recently THEN 'recently_audited'
            END AS exclusion
        FROM professionals p LEFT JOIN moves m USING (number) LEFT JOIN paused USING (number)
        LEFT JOIN audited USING (number) LEFT JOIN pending USING (number)
    ),
    salted AS MATERIALIZED (
        SELECT *, CASE WHEN exclusion IS NULL THEN uuid_send(gen_random_uuid()) END AS salt FROM considered
    )
INSERT INTO audit_people (audit_id, number, associations, exclusion, salt, salted_id)
SELECT :audit_id, number, associations, exclusion, salt,
    encode(sha256(salt || convert_to(number, 'UTF8')), 'hex')
FROM salted
""")

_LIST_HASH = text("""
SELECT encode(sha256(convert_to(coalesce(string_agg(
    salted_id || ' ' || array_to_string(associations, ','), E'\\n' ORDER BY salted_id), ''), 'UTF8')), 'hex')
FROM audit_people WHERE audit_id = :audit_id AND exclusion IS NULL
""")

# HMAC-SHA256 as RFC 2104 has it; the two padded keys are given.
_HASH = "encode(sha256(:outer || sha256(:inner || convert_to(salted_id, 'UTF8'))), 'hex')"

_DRAW = f"""
WITH hashed AS MATERIALIZED (
    SELECT number, associations, {_HASH} COLLATE "C" AS hash
    FROM audit_people WHERE audit_id = :audit_id AND exclusion IS NULL
),
ranked AS (
    SELECT association, number, hash, row_number() OVER (PARTITION BY association ORDER BY hash) AS place
    FROM hashed CROSS JOIN unnest(associations) AS of (association)
)
INSERT INTO audit_samples (audit_id, association, place, number, hash)
SELECT :audit_id, association, place, number, hash
FROM ranked JOIN audit_sizes s USING (association) WHERE s.audit_id = :audit_id AND place <= s.size
"""  # noqa: S608


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """How a person was treated by a freeze; ``salt`` and ``salted_id`` are None where they were left out."""

    number: str
    associations: tuple[str, ...]
    exclusion: Exclusion | None
    salt: bytes | None
    salted_id: str | None


async def known_associations(tx: Transaction) -> Sequence[str]:
    """Return the associations of which somebody is a member as known now."""
    rows = await tx.rows(
        text("SELECT DISTINCT association FROM memberships WHERE known_to IS NULL ORDER BY 1")
    )
    return [row.association for row in rows]


async def hold_register(tx: Transaction) -> int:
    """Let nothing more of the register be heard until the transaction ends; return how far it has been."""
    found = await tx.scalar(
        text("SELECT position FROM followed WHERE source = :source FOR UPDATE"), {"source": REGISTER}
    )
    return int(found or 0)


async def list_people(
    tx: Transaction,
    audit_id: int,
    *,
    associations: Sequence[str],
    day: date,
    entered_by: date,
    audited_since: date,
    record: Record,
) -> None:
    """Write everybody who is a professional member of these associations on a day, whom to leave out and why.

    Somebody who came onto the register after ``entered_by``, or was drawn after ``audited_since``, is left
    out. Everybody else gets a salt of their own.
    """
    await _let_take(tx, SECONDS_FOR_EVERYBODY)
    await tx.execute(
        _FREEZE,
        {
            "audit_id": audit_id,
            "level": MembershipLevel.PROFESSIONAL.value,
            "associations": list(associations),
            "day": day,
            "entered_by": entered_by,
            "audited_since": audited_since,
        },
    )
    tx.record(record)


async def digest(tx: Transaction, audit_id: int) -> str:
    """Return the digest of a list, computed as ``shared.draw.list_hash`` does."""
    return str(await tx.scalar(_LIST_HASH, {"audit_id": audit_id}))


async def counts(tx: Transaction, audit_id: int) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many are listed in each association, and how many were left out for each reason."""
    listed = await tx.rows(
        text(
            "SELECT association, count(*) AS many FROM audit_people CROSS JOIN unnest(associations)"
            " AS of (association) WHERE audit_id = :id AND exclusion IS NULL GROUP BY 1"
        ),
        {"id": audit_id},
    )
    left_out = await tx.rows(
        text(
            "SELECT exclusion, count(*) AS many FROM audit_people"
            " WHERE audit_id = :id AND exclusion IS NOT NULL GROUP BY 1"
        ),
        {"id": audit_id},
    )
    return {row.association: row.many for row in listed}, {row.exclusion: row.many for row in left_out}


async def listed(tx: Transaction, audit_id: int) -> int:
    """Return how many people can be drawn."""
    return int(
        await tx.scalar(
            text("SELECT count(*) FROM audit_people WHERE audit_id = :id AND exclusion IS NULL"),
            {"id": audit_id},
        )
    )


async def freeze(tx: Transaction, audit_id: int, fixed: Freeze, *, record: Record) -> None:
    """Write what is fixed before the seed."""
    await tx.execute(
        insert(audit_freezes).values(
            audit_id=audit_id,
            frozen_on=fixed.frozen_on,
            frozen_at=fixed.frozen_at,
            frozen_by=record.actor.subject,
            register_position=fixed.register_position,
            list_hash=fixed.list_hash,
            people=fixed.people,
            excluded=dict(fixed.excluded),
        )
    )
    await tx.execute(
        insert(audit_sizes),
        [
            {"audit_id": audit_id, "association": each, "population": population, "size": size}
            for each, (population, size) in sorted(fixed.sizes.items())
        ],
    )
    tx.record(record)


async def draw(
    tx: Transaction, audit_id: int, *, seed: str, entered_by: str, drawn_by: str, record: Record
) -> None:
    """Write the samples: of each stratum the first by their hash, up to its size."""
    await _let_take(tx, SECONDS_FOR_EVERYBODY)
    await tx.execute(
        insert(audit_draws).values(
            audit_id=audit_id, entered_by=entered_by, drawn_by=drawn_by, drawn_at=record.at
        )
    )
    inner, outer = _padded(seed)
    await tx.execute(text(_DRAW), {"audit_id": audit_id, "inner": inner, "outer": outer})
    tx.record(record)


async def find(tx: Transaction, audit_id: int, numbers: Sequence[str]) -> Listed | None:
    """Return how a person was treated, or None where they were not considered at all."""
    rows = await tx.rows(
        select(audit_people).where(
            audit_people.c.audit_id == audit_id, audit_people.c.number == func.any(list(numbers))
        )
    )
    if not rows:
        return None
    row = rows[0]
    return Listed(
        number=row.number,
        associations=tuple(row.associations),
        exclusion=None if row.exclusion is None else Exclusion(row.exclusion),
        salt=row.salt,
        salted_id=row.salted_id,
    )


async def is_being_drawn(tx: Transaction, numbers: Sequence[str]) -> bool:
    """Tell whether a person is on a list that is frozen and not drawn yet."""
    rows = await tx.rows(
        text(
            "SELECT 1 FROM audit_people p JOIN audits a ON a.id = p.audit_id WHERE p.number = ANY (:numbers)"
            " AND p.exclusion IS NULL AND a.state IN ('frozen', 'seeded') LIMIT 1"
        ),
        {"numbers": list(numbers)},
    )
    return bool(rows)


async def cuts(tx: Transaction, audit_id: int) -> Mapping[str, str]:
    """Return by association the hash of whoever was drawn last: who comes after it was not drawn."""
    rows = await tx.rows(
        text("SELECT association, max(hash) AS cut FROM audit_samples WHERE audit_id = :id GROUP BY 1"),
        {"id": audit_id},
    )
    return {row.association: row.cut for row in rows}


async def salted_after(
    tx: Transaction, audit_id: int, *, after: str, limit: int
) -> Sequence[tuple[str, tuple[str, ...]]]:
    """Return salted ids of a frozen list that follow one, in their order, each with its associations."""
    rows = await tx.rows(
        select(audit_people.c.salted_id, audit_people.c.associations)
        .where(audit_people.c.audit_id == audit_id, audit_people.c.salted_id > after)
        .order_by(audit_people.c.salted_id)
        .limit(limit)
    )
    return [(row.salted_id, tuple(row.associations)) for row in rows]


def _padded(seed: str) -> tuple[bytes, bytes]:
    """Return the key of HMAC in its two paddings."""
    key = seed.encode()
    key = (sha256(key).digest() if len(key) > BLOCK else key).ljust(BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in key), bytes(byte ^ 0x5C for byte in key)


async def _let_take(tx: Transaction, seconds: int) -> None:
    """Let the statements of this transaction take longer than those of a request: there may be a million."""
    await tx.execute(text("SELECT set_config('statement_timeout', :for, true)"), {"for": f"{seconds}s"})
