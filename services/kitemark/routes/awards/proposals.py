"""What the panel decides over HTTP: one proposes, another confirms or refuses."""

from fastapi import Request, Response

from services.kitemark.domain.awards.proposal import ProposalEvent, ProposalState
from services.kitemark.operations.awards import proposals
from services.kitemark.operations.awards.proposals import DECIDES, SeenProposal
from services.kitemark.routes.awards.proposal_bodies import ProposalOut, ProposalPage, RefusalIn
from services.kitemark.routes.awards.standing_bodies import AnnulmentIn, AuthorityIn, EndingIn, SpanIn
from services.kitemark.routes.fields import NothingIn
from shared.paging import After, Limit
from shared.web import Db, Id, Now, OncePerRequest, Who, guarded_router, needs, page_body, said, with_etag

router = guarded_router("proposals")
PATH = "/v1/proposals"
NEEDS = needs(DECIDES)


def _location(held: SeenProposal) -> str:
    return f"{PATH}/{held.id}"


@router.post(
    "/v1/validations",
    operation_id="proposeValidation",
    status_code=201,
    response_model=ProposalOut,
    openapi_extra=NEEDS,
)
async def propose_validation(body: SpanIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Propose that a scheme is validated on some days. It is once another of the panel has confirmed it."""
    once = maker.rendering(ProposalOut.of, location=_location)
    await proposals.propose(db, once, body.wanted(), actor=who, now=now)
    return said(once)


@router.post(
    "/v1/authorities",
    operation_id="proposeAuthority",
    status_code=201,
    response_model=ProposalOut,
    openapi_extra=NEEDS,
)
async def propose_authority(body: AuthorityIn, maker: OncePerRequest, db: Db, who: Who, now: Now) -> Response:
    """Propose that a body may give a scheme's awards. It may once another of the panel has confirmed it."""
    once = maker.rendering(ProposalOut.of, location=_location)
    await proposals.propose(db, once, body.wanted(), actor=who, now=now)
    return said(once)


@router.post(
    "/v1/validations/{id}/ending",
    operation_id="proposeEndOfValidation",
    status_code=201,
    response_model=ProposalOut,
    openapi_extra=NEEDS,
)
async def propose_end_of_validation(
    id: Id, body: EndingIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Propose to end a validation with a day. What becomes of awards given before is the policy's to say."""
    once = maker.rendering(ProposalOut.of, location=_location)
    last = body.last_day
    await proposals.propose_ending(db, once, id_=id, of_body=False, last=last, actor=who, now=now)
    return said(once)


@router.post(
    "/v1/authorities/{id}/ending",
    operation_id="proposeEndOfAuthority",
    status_code=201,
    response_model=ProposalOut,
    openapi_extra=NEEDS,
)
async def propose_end_of_authority(
    id: Id, body: EndingIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Propose to end an authority with a day. What becomes of awards given before is the policy's to say."""
    once = maker.rendering(ProposalOut.of, location=_location)
    last = body.last_day
    await proposals.propose_ending(db, once, id_=id, of_body=True, last=last, actor=who, now=now)
    return said(once)


@router.post(
    "/v1/validations/{id}/annulment",
    operation_id="proposeAnnulmentOfValidation",
    status_code=201,
    response_model=ProposalOut,
    openapi_extra=NEEDS,
)
async def propose_annulment_of_validation(
    id: Id, body: AnnulmentIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Propose that a validation never held: it was withdrawn on its first day, or should not stand here.

    What was known of it before can still be asked with `known_at`.
    """
    once = maker.rendering(ProposalOut.of, location=_location)
    reason = body.reason
    await proposals.propose_annulment(db, once, id_=id, of_body=False, reason=reason, actor=who, now=now)
    return said(once)


@router.post(
    "/v1/authorities/{id}/annulment",
    operation_id="proposeAnnulmentOfAuthority",
    status_code=201,
    response_model=ProposalOut,
    openapi_extra=NEEDS,
)
async def propose_annulment_of_authority(
    id: Id, body: AnnulmentIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Propose that an authority never held: it was withdrawn on its first day, or should not stand here.

    Awards given under it stay recorded, and count for no mark.
    """
    once = maker.rendering(ProposalOut.of, location=_location)
    reason = body.reason
    await proposals.propose_annulment(db, once, id_=id, of_body=True, reason=reason, actor=who, now=now)
    return said(once)


@router.get(PATH, operation_id="listProposals", response_model=ProposalPage, openapi_extra=NEEDS)
async def list_proposals(
    request: Request,
    response: Response,
    db: Db,
    who: Who,
    state: ProposalState | None = None,
    limit: Limit = 50,
    after: After = None,
) -> ProposalPage:
    """List what was proposed, of one state where it is named."""
    page = await proposals.page(db, state=state, actor=who, after=after, limit=limit)
    body = ProposalPage(items=[ProposalOut.of(each) for each in page.items], next=page.next)
    shown: ProposalPage = page_body(request, response, body, next_cursor=page.next)
    return shown


@router.get(PATH + "/{id}", operation_id="getProposal", response_model=ProposalOut, openapi_extra=NEEDS)
async def get_proposal(id: Id, request: Request, db: Db, who: Who) -> Response:
    """Return a proposal to the panel."""
    return with_etag(request, ProposalOut.of(await proposals.get(db, id_=id, actor=who)))


@router.post(
    PATH + "/{id}/confirmation",
    operation_id="confirmProposal",
    status_code=201,
    response_model=ProposalOut,
    openapi_extra=NEEDS,
)
async def confirm_proposal(
    id: Id, body: NothingIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Confirm what somebody else proposed: it stands from this moment, and marks follow."""
    once = maker.rendering(ProposalOut.of, location=_location)
    await proposals.move(db, once, id_=id, event=ProposalEvent.CONFIRM, actor=who, now=now)
    return said(once)


@router.post(
    PATH + "/{id}/refusal",
    operation_id="refuseProposal",
    status_code=201,
    response_model=ProposalOut,
    openapi_extra=NEEDS,
)
async def refuse_proposal(
    id: Id, body: RefusalIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Refuse what somebody else proposed, with the reason."""
    once = maker.rendering(ProposalOut.of, location=_location)
    refuse = ProposalEvent.REFUSE
    await proposals.move(db, once, id_=id, event=refuse, reason=body.reason, actor=who, now=now)
    return said(once)


@router.post(
    PATH + "/{id}/withdrawal",
    operation_id="withdrawProposal",
    status_code=201,
    response_model=ProposalOut,
    openapi_extra=NEEDS,
)
async def withdraw_proposal(
    id: Id, body: NothingIn, maker: OncePerRequest, db: Db, who: Who, now: Now
) -> Response:
    """Take back what you proposed yourself."""
    once = maker.rendering(ProposalOut.of, location=_location)
    await proposals.move(db, once, id_=id, event=ProposalEvent.WITHDRAW, actor=who, now=now)
    return said(once)
