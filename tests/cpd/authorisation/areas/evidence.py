"""What is declared of evidence files."""

from tests.cpd import make
from tests.cpd.authorisation.row import Row, World, own
from tests.cpd.conftest import Cpd

ROWS: dict[str, Row] = {
    "addEvidence": Row(
        told=own(201), place=lambda w: f"/v1/entries/{w['entry']}/evidence", body=lambda _: b"Notes."
    ),
    "listEvidence": Row(told=own(200), place=lambda w: f"/v1/entries/{w['entry']}/evidence"),
    "readEvidence": Row(told=own(200), place=lambda w: f"/v1/evidence/{w['read file']}"),
    "removeEvidence": Row(told=own(204), place=lambda w: f"/v1/evidence/{w['removed file']}"),
}


async def build(cpd: Cpd, world: World) -> World:
    """Add one file to be read and one to be removed."""
    made: World = {}
    for name in ("read file", "removed file"):
        path = f"/v1/entries/{world['entry']}/evidence"
        answer = await cpd.http.post(path, content=name.encode(), headers=make.cpd_system())
        made[name] = answer.json()["id"]
    return made
