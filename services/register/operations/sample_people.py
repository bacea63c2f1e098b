"""The script of the sample: made-up people, and what happened to them how many days ago.

Nobody in it exists. Each of the first stories ends in one verdict, and each verdict has its story.
"""

from dataclasses import dataclass, field
from datetime import date

from services.register.domain.policy import MembershipLevel, Scope
from services.register.domain.sanction import SanctionKind

ASSOCIATIONS = ("ICG", "ACEG", "NAEGA", "AGCAS", "NISCA", "ACPI")
GUIDANCE = (Scope.PERSONAL_GUIDANCE,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Punished:
    """A sanction of the script, imposed so many days ago."""

    kind: SanctionKind
    days_ago: int
    public_reason: str
    conditions: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One person's way, told in days before today; None is what never happened."""

    name: str
    given_names: str
    family_name: str
    born: date
    association: str = "ICG"
    level: MembershipLevel = MembershipLevel.PROFESSIONAL
    home_country: str = "england"
    regions: tuple[str, ...] = ()
    roles: tuple[str, ...] = ("careers_adviser",)
    settings: tuple[str, ...] = ("secondary_school",)
    specialisms: tuple[str, ...] = ()
    joined: int = 900
    declared: int | None = None
    authenticated: int | None = None
    applied: int | None = None
    admitted: int | None = None
    scopes: tuple[Scope, ...] = GUIDANCE
    sanction: Punished | None = None
    retired: int | None = None
    kept_as: str | None = None
    merged: int | None = None
    previous_family_names: tuple[str, ...] = field(default=())

    @property
    def member_id(self) -> str:
        """Return the id under which the association knows this person."""
        return f"SAMPLE-{self.name.upper().replace('_', '-')}"


def _admitted(name: str, given: str, family: str, born: date, days: int, **more: object) -> Story:
    """Return somebody who was admitted so many days ago, in the usual order of things."""
    return Story(
        name=name,
        given_names=given,
        family_name=family,
        born=born,
        declared=days + 40,
        authenticated=days + 30,
        applied=days + 14,
        admitted=days,
        **more,  # type: ignore[arg-type]
    )


SCRIPTED = (
    _admitted(
        "licensed", "Siân", "Sampleton-Powell", date(1984, 3, 1), 120,
        home_country="wales", regions=("W",), specialisms=("ldd", "lmi"),
        previous_family_names=("Powell",),
    ),
    _admitted(
        "licensed_with_conditions", "Aoife", "Ní Shampla", date(1979, 11, 21), 200,
        association="NISCA", home_country="northern_ireland", regions=("N",),
        sanction=Punished(
            kind=SanctionKind.CONDITIONS,
            days_ago=60,
            public_reason="A complaint about record keeping was upheld.",
            conditions="Works under supervision by a registered colleague until 40 records are reviewed.",
        ),
    ),
    Story(
        name="not_licensed", given_names="Zoë", family_name="Exemplar", born=date(1999, 7, 9),
        level=MembershipLevel.ASSOCIATE, roles=("personal_adviser",), joined=45, declared=40,
    ),
    _admitted("lapsed", "Dafydd", "ap Enghraifft", date(1961, 1, 31), 430, home_country="wales"),
    _admitted(
        "suspended", "Niamh", "O’Specimen", date(1975, 5, 5), 150, association="AGCAS",
        settings=("higher_education",), specialisms=("he",),
        sanction=Punished(
            kind=SanctionKind.INTERIM_SUSPENSION,
            days_ago=0,
            public_reason="A concern is being looked into.",
        ),
    ),
    _admitted(
        "removed", "Jörg", "Müster", date(1968, 9, 12), 300, association="NAEGA",
        sanction=Punished(
            kind=SanctionKind.REMOVAL,
            days_ago=30,
            public_reason="Guidance was given for private gain, against the code of ethics.",
        ),
    ),
    _admitted("retired", "Morag", "MacSample", date(1958, 2, 28), 340, home_country="scotland",
              association="ACPI", retired=10),
    _admitted("in_window", "Branwen", "Renewby", date(1986, 6, 6), 340, home_country="wales"),
    _admitted("in_grace", "Fergus", "McLate-Sample", date(1972, 10, 10), 375, home_country="scotland"),
    _admitted("kept", "Chidinma", "Okonkwo-Example", date(1988, 8, 18), 90, regions=("H",)),
    Story(
        name="merged", given_names="Chidinma", family_name="Okonkwo-Example", born=date(1988, 8, 18),
        association="ACEG", joined=80, kept_as="kept", merged=7,
    ),
    Story(
        name="ready_for_admission", given_names="Gwenllïan", family_name="Trial-ŵyn", born=date(1993, 4, 23),
        home_country="wales", regions=("W",), specialisms=("stem",), joined=30, declared=20,
        authenticated=10, applied=3,
    ),
)  # fmt: skip

_GIVEN = ("Ffion", "Seán", "Renée", "Łukasz", "Anwen", "Tomás", "Priya", "Eilidh", "José", "Bronwyn",
          "Oluwaseun", "Máire")  # fmt: skip
_FAMILY = ("Testwood", "Ó Sampla", "Mockridge", "Prøve", "Dummett-Jones", "Placeholder")


def supporting_cast() -> tuple[Story, ...]:
    """Return some dozens of members of all associations, at every stage of the way."""
    return tuple(_extra(place) for place in range(36))


def _extra(place: int) -> Story:
    association = ASSOCIATIONS[place % len(ASSOCIATIONS)]
    given, family = _GIVEN[place % len(_GIVEN)], _FAMILY[(place // 2) % len(_FAMILY)]
    born = date(1955 + place, 1 + place % 12, 1 + (place * 7) % 28)
    name = f"extra_{place + 1:02d}"
    if place % 3 == 0:
        return _admitted(name, given, family, born, 20 + place * 5, association=association)
    level = MembershipLevel.AFFILIATE if place % 3 == 1 else MembershipLevel.ASSOCIATE
    declared = 25 if place % 3 == 2 else None
    return Story(
        name=name,
        given_names=given,
        family_name=family,
        born=born,
        association=association,
        level=level,
        joined=100 + place,
        declared=declared,
    )


STORIES = (*SCRIPTED, *supporting_cast())
