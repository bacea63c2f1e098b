"""The sample's organisations and posts: none of them exists, nor does any school with their URNs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.register.domain.posts.organisation import Organisation, OrganisationKind, Sector
from services.register.domain.posts.post import PostBasis
from services.register.domain.posts.school import SchoolScheme
from services.register.operations.posts import organisations, posts, reading
from services.register.operations.posts.posts import NewPost
from services.register.storage import sample as progress
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database
from shared.idempotency import WithoutKey

EVIDENCE = "An invented contract, for the sample."
REGISTRAR = Actor(subject="sample-decider", client_id="sample", scopes=frozenset({"register:decide"}))
# The sample of the kite mark has the same provider, accredited, so that the strands of a school meet.
UKPRN = "99990201"
CONTRACTOR = Organisation(
    name="Invented Careers Service",
    sector=Sector.PUBLIC,
    kind=OrganisationKind.ALL_AGE_SERVICE_CONTRACTOR,
    publicly_funded=True,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SamplePost:
    """Whose post of the script, at which invented school, and what becomes of it."""

    person: str
    association: str
    urn: str
    role: str = "careers_adviser"
    attested: bool = True
    disputed: bool = False
    ended: bool = False


POSTS = (
    SamplePost(person="licensed", association="ICG", urn="999901"),
    SamplePost(person="licensed_with_conditions", association="NISCA", urn="999902", attested=False),
    SamplePost(person="lapsed", association="ICG", urn="999903", disputed=True),
    SamplePost(person="kept", association="ICG", urn="999904", ended=True),
    SamplePost(person="suspended", association="AGCAS", urn="999905"),
)


async def load_posts(db: Database, *, now: datetime) -> None:
    """Make the posts of the sample people that are not there."""
    async with db.reading() as tx:
        numbers = await progress.numbers(tx, "SAMPLE-")
    employer, _ = await organisations.upsert(db, ukprn=UKPRN, told=CONTRACTOR, actor=REGISTRAR, now=now)
    for each in POSTS:
        number = numbers[f"SAMPLE-{each.person.upper().replace('_', '-')}"]
        sight = await reading.of_practitioner(
            db, number=number, valid_at=None, known_at=None, actor=REGISTRAR, now=now
        )
        if not sight.posts:
            await _play(db, each, number=number, employer=employer.organisation_id, now=now)


async def _play(db: Database, story: SamplePost, *, number: str, employer: int, now: datetime) -> None:
    today = london_day(now)
    told = await posts.tell(
        db, WithoutKey(), wanted=_told(story, number, employer, today), actor=_system(story), now=now
    )
    if story.attested:
        await posts.attest(
            db, WithoutKey(), post_id=told.post_id, evidence=EVIDENCE, actor=REGISTRAR, now=now
        )
    if story.disputed:
        reason = "Sample: this person left the school."
        await posts.dispute(db, WithoutKey(), post_id=told.post_id, reason=reason, actor=REGISTRAR, now=now)
    if story.ended:
        last = today - timedelta(days=1)
        await posts.end(db, WithoutKey(), post_id=told.post_id, on=last, actor=REGISTRAR, now=now)


def _told(story: SamplePost, number: str, employer: int, today: date) -> NewPost:
    return NewPost(
        number=number,
        employer_id=employer,
        scheme=SchoolScheme.URN,
        school=story.urn,
        role=story.role,
        share_percent=40,
        basis=PostBasis.COMMISSIONED,
        independent=True,
        independence_declaration="Sample: the school does not direct the guidance that is given.",
        valid_from=today - timedelta(days=60),
        valid_to=None,
    )


def _system(story: SamplePost) -> Actor:
    return Actor(
        subject=f"sample-{story.association.lower()}",
        client_id="sample",
        scopes=frozenset({"members:write"}),
        association=story.association,
    )
