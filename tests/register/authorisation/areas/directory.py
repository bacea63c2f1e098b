"""What is declared of the directory of qualifications: anyone reads it, registrars make its editions."""

from typing import Any

from tests.register.authorisation.callers import EVERYONE
from tests.register.authorisation.row import Row, all_of, public
from tests.register.authorisation.world import World
from tests.register.conftest import Register
from tests.register.directory import make

PUBLIC = (
    "listCourses",
    "listAwardingBodies",
    "getDirectoryCoverage",
    "getDirectoryContent",
    "getFrameworkReviews",
    "listStatements",
    "listModularQualifications",
    "listDirectoryEditions",
)


def _anyone(place: str) -> Row:
    return Row(told=all_of(EVERYONE, 200), place=lambda _: place)


ROWS: dict[str, Row] = {
    **{name: public() for name in PUBLIC},
    "getCourse": _anyone("/v1/courses/derby-ma"),
    # The only one that is shipped has no rule yet.
    "getMissingModules": Row(
        told=all_of(EVERYONE, 409),
        place=lambda _: "/v1/modular-qualifications/national-qualification/missing",
    ),
    "getDirectoryEdition": _anyone("/v1/directory-editions/2008-09"),
    "getDirectoryTable": _anyone("/v1/directory-editions/2008-09/table"),
    "listDirectoryDrafts": Row(told={"registrar": 200}),
    "getDirectoryDraft": Row(told={"registrar": 200}, place=lambda _: f"/v1/directory-drafts/{make.NEXT}"),
    "draftNextEdition": Row(
        told={"registrar": 201},
        body=lambda _: {"code": "2010-09", "revision": 6, "published_in": "2010-09"},
    ),
    "saveDirectoryDraft": Row(
        told={"registrar": 200},
        place=lambda _: f"/v1/directory-drafts/{make.NEXT}",
        body=lambda _: make.edition(),
    ),
    "publishDirectoryEdition": Row(
        told={"registrar": 201}, place=lambda _: f"/v1/directory-drafts/{make.NEXT}/publication"
    ),
}


async def build(register: Register, world: World) -> dict[str, Any]:
    """Draft an edition that another registrar may publish."""
    answer = await make.save(register, make.edition(), "registrar-one")
    assert answer.status_code == 201, answer.text
    return {}
