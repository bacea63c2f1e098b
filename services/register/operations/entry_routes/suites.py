"""Standards suites and competence policies: loaded as shipped, published by registrars, never changed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from services.register.domain.entry_routes import refusals
from services.register.domain.entry_routes.suite import (
    CompetencePolicy,
    Suite,
    check_policy,
    check_suite,
    policy_of,
    suite_of,
)
from services.register.operations.shipped import shipped
from services.register.storage import reference
from services.register.storage.entry_routes import published
from shared.actor import Actor
from shared.clock import london_day
from shared.database import Database, Transaction
from shared.errors import Unprocessable
from shared.idempotency import Once
from shared.journal import Record
from shared.paging import Page, page_of, place_of

DECIDE = "register:decide"


class CompetencePolicyStartsTooEarly(Unprocessable):
    """A competence policy can be published from {first_possible} at the earliest, so that nobody is judged by
    a rule that they could not know."""


async def load(tx: Transaction, *, actor: Actor, now: datetime) -> None:
    """Bring the stored suites and competence policies up to what is shipped; what is the same is left alone.

    Raises SuiteAlreadyPublished or CompetencePolicyAlreadyPublished when what is shipped differs from what is
    stored under the same code.
    """
    for body in shipped("standards_suites"):
        record = _about("standards-suite.loaded", f"standards-suite:{body['code']}", {}, actor, now)
        saved = await published.save_suite(tx, body, record=record)
        if not saved and await published.suite(tx, body["code"]) != body:
            raise refusals.SuiteAlreadyPublished
    for body in shipped("competence_policies"):
        facts = {"effective_from": body["effective_from"]}
        record = _about("policy.loaded", f"competence-policy:{body['code']}", facts, actor, now)
        saved = await published.save_policy(tx, body, record=record)
        if not saved and await published.policy(tx, body["code"]) != body:
            raise refusals.CompetencePolicyAlreadyPublished(code=body["code"])


async def publish_suite(
    db: Database, once: Once, *, body: Mapping[str, Any], actor: Actor, now: datetime
) -> Suite:
    """Publish a standards suite, which never changes from then on."""
    actor.require(DECIDE)
    suite = suite_of(body)
    async with db.transaction(actor, once) as tx:
        check_suite(suite, known=await published.standards(tx))
        record = _about("standards-suite.published", f"standards-suite:{suite.code}", {}, actor, now)
        if not await published.save_suite(tx, body, record=record):
            raise refusals.SuiteAlreadyPublished
        once.answer(suite)
    return suite


async def publish_policy(
    db: Database, once: Once, *, body: Mapping[str, Any], actor: Actor, now: datetime
) -> CompetencePolicy:
    """Publish from a later day on what is to be shown against a suite, and which level that equals."""
    actor.require(DECIDE)
    policy = policy_of(body)
    first_possible = london_day(now) + timedelta(days=1)
    async with db.transaction(actor, once) as tx:
        if policy.effective_from is not None and policy.effective_from < first_possible:
            raise CompetencePolicyStartsTooEarly(first_possible=first_possible.isoformat())
        frameworks = {each["code"]: each["levels"] for each in await reference.bodies(tx, "frameworks")}
        check_policy(policy, suite=await suite_within(tx, policy.suite), frameworks=frameworks)
        facts = {"effective_from": body["effective_from"]}
        record = _about("policy.published", f"competence-policy:{policy.code}", facts, actor, now)
        if not await published.save_policy(tx, body, record=record):
            raise refusals.CompetencePolicyAlreadyPublished(code=policy.code)
        once.answer(policy)
    return policy


async def get_suite(db: Database, *, code: str) -> Suite:
    """Return a suite."""
    async with db.reading() as tx:
        return await suite_within(tx, code)


async def get_policy(db: Database, *, code: str) -> CompetencePolicy:
    """Return a competence policy."""
    async with db.reading() as tx:
        return await policy_within(tx, code)


async def page_of_suites(db: Database, *, after: str | None, limit: int) -> Page[Suite]:
    """Return suites by code."""
    (last,) = place_of(after, str) or ("",)
    async with db.reading() as tx:
        found = [suite_of(body) for body in await published.suites(tx, after=last, limit=limit + 1)]
    return page_of(found, limit=limit, place=lambda each: (each.code,))


async def page_of_policies(db: Database, *, after: str | None, limit: int) -> Page[CompetencePolicy]:
    """Return competence policies by code: those in force, those to come and those proposed."""
    (last,) = place_of(after, str) or ("",)
    async with db.reading() as tx:
        found = [policy_of(body) for body in await published.policies(tx, after=last, limit=limit + 1)]
    return page_of(found, limit=limit, place=lambda each: (each.code,))


async def suite_within(tx: Transaction, code: str) -> Suite:
    """Return a suite as one transaction sees it, or refuse."""
    body = await published.suite(tx, code)
    if body is None:
        raise refusals.NoSuchSuite(code=code)
    return suite_of(body)


async def policy_within(tx: Transaction, code: str) -> CompetencePolicy:
    """Return a competence policy as one transaction sees it, or refuse."""
    body = await published.policy(tx, code)
    if body is None:
        raise refusals.NoSuchCompetencePolicy(code=code)
    return policy_of(body)


def _about(event: str, subject: str, facts: Mapping[str, Any], actor: Actor, now: datetime) -> Record:
    return Record(actor=actor, at=now, event=event, subject=subject, facts=facts)
