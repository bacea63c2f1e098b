"""Builders of what the rules are given; every test names only what it is about."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import services.register
from services.register.domain.licence import Application, EntryStatus
from services.register.domain.policy import (
    EntryPolicy,
    LicencePolicy,
    MembershipLevel,
    Scope,
    parse_entry_policy,
    parse_licence_policy,
)
from services.register.domain.qualification import Holding, HoldingStatus
from services.register.domain.sanction import Sanction, SanctionKind, impose
from services.register.domain.verdict import (
    EntryFact,
    Facts,
    LicenceFact,
    MembershipFact,
    SanctionFact,
    ScopeFact,
)

REFERENCE = Path(services.register.__file__).parent / "reference"
NUMBER = "CR12345672"
START = date(2026, 2, 1)
END = date(2027, 1, 31)


def shipped(name: str) -> Any:
    """Return one file of reference data as it is shipped."""
    return json.loads((REFERENCE / f"{name}.json").read_text(encoding="utf-8"))


def entry_policy(code: str = "entry-2011", **changes: Any) -> EntryPolicy:
    """Return a shipped entry policy, with a day of its own where it has none."""
    (record,) = [each for each in shipped("entry_policies") if each["code"] == code]
    return parse_entry_policy(record["policy"] | changes)


def licence_policy(**changes: Any) -> LicencePolicy:
    """Return the shipped licence policy."""
    return parse_licence_policy(shipped("licence_policies")[0]["policy"] | changes)


def holding(**changes: Any) -> Holding:
    """Return an authenticated 60-credit QCF level 6 holding in career development."""
    given: dict[str, Any] = {
        "holding_id": 1,
        "qualification": "level-6-diploma",
        "title": "Level 6 Diploma",
        "framework": "QCF",
        "level": "6",
        "credits": 60,
        "subject": "career_development",
        "relevant": True,
        "status": HoldingStatus.AUTHENTICATED,
        "submitted_by": "association",
        "decided_by": "registrar",
    }
    return Holding(**given | changes)


def claim(**changes: Any) -> Holding:
    """Return a holding that nobody has decided."""
    return holding(status=HoldingStatus.CLAIMED, decided_by=None, **changes)


def application(**changes: Any) -> Application:
    """Return an application that nobody has decided."""
    given: dict[str, Any] = {"application_id": 1, "submitted_by": "association", "submitted_on": START}
    return Application(**given | changes)


def sanction(**changes: Any) -> Sanction:
    """Return a suspension from the first day of the licence, without an end."""
    given: dict[str, Any] = {
        "kind": SanctionKind.SUSPENSION,
        "public_reason": "Misleading clients",
        "internal_reason": "Panel of 3 January",
        "conditions": None,
        "valid_from": START,
        "valid_to": None,
        "by": "registrar",
        "ever_on_register": True,
    }
    return impose(**given | changes)


def suspension(**changes: Any) -> SanctionFact:
    """Return the public side of a suspension in the middle of the licence."""
    given: dict[str, Any] = {
        "kind": SanctionKind.SUSPENSION,
        "public_reason": "Misleading clients",
        "valid_from": date(2026, 6, 1),
        "valid_to": date(2026, 6, 30),
    }
    return SanctionFact(**given | changes)


def facts(**changes: Any) -> Facts:
    """Return the facts of somebody licensed for guidance from START to END."""
    given: dict[str, Any] = {
        "number": NUMBER,
        "memberships": (MembershipFact(level=MembershipLevel.PROFESSIONAL, valid_from=date(2025, 1, 1)),),
        "entries": (EntryFact(status=EntryStatus.ON_REGISTER, valid_from=START),),
        "licences": (LicenceFact(valid_from=START, valid_to=END),),
        "scopes": (ScopeFact(scope=Scope.PERSONAL_GUIDANCE, valid_from=START, valid_to=END),),
        "specialisms": ("stem",),
        "grace_days": 28,
    }
    return Facts(**given | changes)
