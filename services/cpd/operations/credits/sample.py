"""The sample of modules and credit: a programme of three modules, and somebody on the way through it."""

from datetime import date, datetime

from services.cpd.domain.credits.credit import Told
from services.cpd.domain.credits.module import CreditValue, Module
from services.cpd.domain.credits.programme import Award, Group, Programme
from services.cpd.operations.credits import bank, tellings
from shared.actor import Actor
from shared.database import Database

SINCE = date(2024, 1, 1)
MODULES = (
    ("ICG", "SAMPLE-LEAD", "Leading careers work (sample)", None),
    ("ICG", "SAMPLE-SEN", "Careers work in special schools (sample)", 60),
    ("ACEG", "SAMPLE-FE", "Careers work in further education (sample)", None),
)
CERTIFICATE = Award(
    title="Certificate (sample)",
    framework="RQF",
    level="6",
    accepts=("6",),
    core=("ICG/SAMPLE-LEAD",),
    groups=(Group(name="Settings", modules=("ICG/SAMPLE-SEN", "ACEG/SAMPLE-FE"), minimum_modules=1),),
    minimum_credits=30,
)


async def load_sample(db: Database, *, number: str, now: datetime) -> None:
    """Tell of modules, of a programme, and of credit of an ICG member; what is there is left alone."""
    for association, code, title, months in MODULES:
        module = Module(
            version="2024",
            effective_from=SINCE,
            title=title,
            awarding_body="Sample University",
            value=CreditValue(framework="RQF", level="6", credits=15),
            free_standing=True,
            expires_after_months=months,
        )
        await tellings.tell_module(
            db, association=association, code=code, module=module, actor=_system(association), now=now
        )
    programme = Programme(
        version="2024",
        effective_from=SINCE,
        title="Careers leadership (sample)",
        awarding_body="Sample University",
        awards=(CERTIFICATE,),
    )
    icg = _system("ICG")
    await tellings.tell_programme(
        db, association="ICG", code="SAMPLE-LEADERS", programme=programme, actor=icg, now=now
    )
    told = Told(
        number=number,
        module="ICG/SAMPLE-LEAD",
        module_version="2024",
        awarded_on=date(2025, 7, 1),
        reference="a sample transcript",
    )
    await bank.upsert(db, association="ICG", credit_id="SAMPLE-1", told=told, actor=icg, now=now)


def _system(association: str) -> Actor:
    return Actor(
        subject=f"sample-{association.lower()}",
        client_id="sample",
        scopes=frozenset({"cpd:write"}),
        association=association,
    )
