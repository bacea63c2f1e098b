"""Reference data over HTTP: one list for each kind, from one table; and the publishing of a policy."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel

from services.register.domain.policy import parse_entry_policy
from services.register.operations import reference
from services.register.routes import reference_bodies as bodies
from services.register.routes.conduct.policies import ConductPolicyOut
from services.register.routes.cpd_outcomes.outcomes import OutcomePolicyOut
from services.register.routes.matching.match_policy_bodies import MatchPolicyOut
from services.register.routes.reference_bodies import EntryPolicyIn, EntryPolicyOut, ListOut
from services.register.routes.rights import policy_bodies
from shared.paging import After, Limit
from shared.web import Db, Now, OncePerRequest, Who, guarded_router, needs, page_body, said

router = guarded_router("reference")

Endpoint = Callable[..., Coroutine[Any, Any, Any]]


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: where it is, what it holds, and how an entry is shown."""

    path: str
    kind: str
    operation_id: str
    shown: type[BaseModel]
    description: str


LISTINGS = (
    Listing("sources", "sources", "listSources", bodies.SourceOut, "List the documents that were used."),
    Listing(
        "associations", "associations", "listAssociations", bodies.AssociationOut, "List the associations."
    ),
    Listing(
        "frameworks",
        "frameworks",
        "listFrameworks",
        bodies.FrameworkOut,
        "List the qualifications frameworks with their levels.",
    ),
    Listing(
        "level-equivalences",
        "level_equivalences",
        "listLevelEquivalences",
        bodies.LevelEquivalenceOut,
        f"List the rows of the official table of levels. {bodies.CAVEAT}",
    ),
    Listing(
        "higher-education-cycles",
        "higher_education_cycles",
        "listHigherEducationCycles",
        bodies.HigherEducationCycleOut,
        f"List the cycles of higher education. {bodies.CAVEAT}",
    ),
    Listing(
        "qualifications",
        "qualifications",
        "listQualifications",
        bodies.QualificationOut,
        "List the qualifications that sources speak of, and which of them are recognised.",
    ),
    Listing("specialisms", "specialisms", "listSpecialisms", bodies.SpecialismOut, "List the specialisms."),
    Listing(
        "home-countries", "home_countries", "listHomeCountries", bodies.Titled, "List the home countries."
    ),
    Listing("regions", "regions", "listRegions", bodies.RegionOut, "List the regions."),
    Listing("settings", "settings", "listSettings", bodies.Titled, "List the settings of work."),
    Listing("roles", "roles", "listRoles", bodies.RoleOut, "List the roles."),
    Listing("languages", "languages", "listLanguages", bodies.LanguageOut, "List the languages of practice."),
    Listing(
        "client-groups",
        "client_groups",
        "listClientGroups",
        bodies.ClientGroupOut,
        "List the groups of people who are helped.",
    ),
    Listing(
        "membership-levels",
        "membership_levels",
        "listMembershipLevels",
        bodies.MembershipLevelOut,
        "List the levels of membership.",
    ),
    Listing(
        "codes-of-ethics",
        "codes_of_ethics",
        "listCodesOfEthics",
        bodies.CodeOfEthicsOut,
        "List the versions of the code of ethics.",
    ),
    Listing(
        "entry-policies",
        "entry_policies",
        "listEntryPolicies",
        bodies.EntryPolicyOut,
        "List the conditions of entry: those in force, those to come and those proposed.",
    ),
    Listing(
        "licence-policies",
        "licence_policies",
        "listLicencePolicies",
        bodies.LicencePolicyOut,
        "List the terms of licences.",
    ),
    Listing(
        "match-policies",
        "match_policies",
        "listMatchPolicies",
        MatchPolicyOut,
        "List the policies of matching: what each agreement is worth, and what makes a match.",
    ),
    Listing(
        "retention-policies",
        "retention_policies",
        "listRetentionPolicies",
        policy_bodies.RetentionPolicyOut,
        "List how long each class of record is kept.",
    ),
    Listing(
        "joining-policies",
        "joining_policies",
        "listJoiningPolicies",
        policy_bodies.JoiningPolicyOut,
        "List how often a number may be given that is not confirmed.",
    ),
    Listing(
        "schemes",
        "schemes",
        "listSchemes",
        bodies.SchemeOut,
        "List the schemes that sources name and do not define. None has a rule.",
    ),
    Listing(
        "conduct-policies",
        "conduct_policies",
        "listConductPolicies",
        ConductPolicyOut,
        "List the terms of complaints and alerts: days, quorum, what an appeal stays, what is published.",
    ),
    Listing(
        "cpd-outcome-policies",
        "cpd_outcome_policies",
        "listCpdOutcomePolicies",
        OutcomePolicyOut,
        "List what follows from a failed CPD audit: a condition at once, or a proposal to a registrar.",
    ),
)


def _lister(listing: Listing) -> Endpoint:
    """Return the endpoint of one list."""

    async def list_entries(
        request: Request, response: Response, db: Db, limit: Limit = 50, after: After = None
    ) -> Any:
        page = await reference.list_entries(db, listing.kind, after=after, limit=limit)
        body = {"items": page.items, "next": page.next}
        return page_body(request, response, body, next_cursor=page.next)

    return list_entries


for _listing in LISTINGS:
    router.add_api_route(
        f"/v1/{_listing.path}",
        _lister(_listing),
        methods=["GET"],
        operation_id=_listing.operation_id,
        response_model=ListOut[_listing.shown],  # type: ignore[name-defined]
        summary=_listing.description.partition(".")[0].partition(":")[0],
        description=_listing.description,
    )


@router.post(
    "/v1/entry-policies",
    operation_id="publishEntryPolicy",
    status_code=201,
    response_model=EntryPolicyOut,
    openapi_extra=needs("register:decide"),
)
async def publish_entry_policy(
    policy: EntryPolicyIn, db: Db, who: Who, now: Now, maker: OncePerRequest
) -> Response:
    """Publish the conditions of entry that hold from a later day.

    A published version never changes. What was decided under the version before stays decided under it.
    """
    once = maker.rendering(EntryPolicyOut.model_validate)
    await reference.publish_entry_policy(
        db,
        once,
        title=policy.title,
        policy=parse_entry_policy(policy.model_dump(mode="json", exclude={"title"})),
        actor=who,
        now=now,
    )
    return said(once)
