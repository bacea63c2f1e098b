"""A receipt is verified by anybody, years later and after its key was rotated; a changed one never is."""

import asyncio
import base64
import json
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from services.gateway.domain.checks.receipt import TYPE, ReceiptState
from services.gateway.jobs import main
from services.gateway.operations import signing_keys
from services.gateway.operations.checks import receipts
from services.gateway.operations.signing_keys import Keys
from shared.errors import Unauthenticated
from tests.gateway.checks.test_checks import check
from tests.gateway.make import OPERATOR, Gateway
from tests.register import make_licences
from tests.register.conftest import Register


async def verify(front: Gateway, receipt: str) -> dict[str, object]:
    answer = await front.http.post("/v1/receipts/verify", json={"receipt": receipt})
    assert answer.status_code == 200, answer.text
    told: dict[str, object] = answer.json()
    return told


async def rotated(front: Gateway, *, at_once: bool = True) -> None:
    signing_keys.rotate(front.settings.signing_keys_file, at_once=at_once, now=front.clock())


async def test_it_is_genuine_years_later_and_says_what_has_changed(
    front: Gateway, register: Register
) -> None:
    number = await make_licences.licensed(register)
    receipt = (await check(front, number)).json()["receipt"]
    told = await verify(front, f"\n  {receipt[:40]}\n{receipt[40:]}  ")
    assert (told["state"], told["differences"]) == ("genuine", [])
    content = told["content"]
    assert isinstance(content, dict)
    assert content["checked_by"] == {"client_id": "https://issuer.test#school-one", "urn": "100001"}
    await rotated(front)
    await make_licences.impose(register, number, "suspension")
    front.clock.now += timedelta(days=3 * 365)
    told = await verify(front, receipt)
    assert told["state"] == "genuine"
    assert told["content"] == content
    differences = told["differences"]
    assert isinstance(differences, list)
    assert {"fact": "verdict", "then": "licensed", "now": "suspended"} in differences
    assert receipt.split(".")[0] not in json.dumps(front.app.state.keys.publish(now=front.clock()))


async def test_what_was_changed_or_made_up_is_told(front: Gateway) -> None:
    receipt = (await check(front, "CR00000001")).json()["receipt"]
    head, body, signature = receipt.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["said"]["verdict"] = "licensed"
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    assert (await verify(front, f"{head}.{forged}.{signature}"))["state"] == "signature_does_not_match"
    stranger = jwt.encode({"alg": "ES256", "typ": TYPE, "kid": "x"}, claims, ECKey.generate_key("P-256"))
    assert (await verify(front, stranger))["state"] == "key_not_known"
    unsigned = (
        base64.urlsafe_b64encode(b'{"alg":"none","typ":"check-receipt+jwt","kid":"x"}').decode().rstrip("=")
    )
    for nonsense in ("x", "a.b.c", "..", f"{unsigned}.{body}.", "é.é.é", "a" * 20_000):
        assert (await verify(front, nonsense))["state"] == "not_a_receipt"


@pytest.mark.parametrize("kind", ["data", "files"])
async def test_a_form_larger_than_any_receipt_is_not_read(front: Gateway, kind: str) -> None:
    large = {"receipt": "a" * 70_000}
    answer = await front.http.post("/receipts", **{kind: large})  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["code"]) == (413, "request-too-large")


async def test_a_receipt_is_no_token_and_a_token_no_receipt(front: Gateway) -> None:
    receipt = (await check(front, "CR00000001")).json()["receipt"]
    with pytest.raises(Unauthenticated):
        await front.actor(receipt)
    client, secret = await front.client("school")
    token = await front.token(client, secret)
    assert (await verify(front, token))["state"] == "not_a_receipt"
    keys: Keys = front.app.state.keys
    assert keys.read(token, now=front.clock()) is not None
    assert keys.read(receipt, now=front.clock()) is None


async def test_a_key_that_was_seen_vouches_only_for_what_is_in_the_record(front: Gateway) -> None:
    receipt = (await check(front, "CR00000001")).json()["receipt"]
    keys: Keys = front.app.state.keys
    made_up = keys.sign({"jti": "made-up", "kind": "adviser"}, now=front.clock(), as_type=TYPE)
    assert (await verify(front, made_up))["state"] == "genuine"
    (kid,) = [key["kid"] for key in (await receipts.published(front.db))["keys"]]
    await receipts.distrust(front.db, kid=kid, actor=OPERATOR, now=front.clock())
    assert (await verify(front, receipt))["state"] == "recorded_only"
    assert (await verify(front, made_up))["state"] == "key_distrusted"
    with pytest.raises(receipts.NoSuchReceiptKey):
        await receipts.distrust(front.db, kid=kid, actor=OPERATOR, now=front.clock())
    events = await front.db.fetch("SELECT event FROM journal ORDER BY position DESC LIMIT 1")
    assert events[0]["event"] == "receipt-key.distrusted"


async def test_a_receipt_is_verified_without_the_gateway(
    front: Gateway, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    receipt = (await check(front, "CR00000001")).json()["receipt"]
    keys = (await front.http.get("/.well-known/receipt-keys.json")).json()
    files = tmp_path / "receipt.txt", tmp_path / "keys.json"
    files[0].write_text(receipt + "\n")
    files[1].write_text(json.dumps(keys))
    command = ["receipts", "verify", str(files[0]), "--keys", str(files[1])]
    assert await asyncio.to_thread(main, command) == 0
    assert '"verdict": "never_issued"' in capsys.readouterr().out
    files[0].write_text(receipt[:-4] + "AAAA")
    assert await asyncio.to_thread(main, command) == 1
    assert "changed after it was signed" in capsys.readouterr().err
    assert receipts.offline(receipt, {"keys": []}).state is ReceiptState.KEY_NOT_KNOWN
    kid = keys["keys"][0]["kid"]
    assert receipts.offline(receipt, keys | {"distrusted": [kid]}).state is ReceiptState.KEY_DISTRUSTED


async def test_while_the_register_is_silent_what_has_changed_is_unknown(front: Gateway) -> None:
    receipt = (await check(front, "CR00000001")).json()["receipt"]
    silent = httpx.MockTransport(lambda _: httpx.Response(500))
    front.app.state.neighbours.register._service._neighbour._client._transport = silent
    told = await verify(front, receipt)
    assert (told["state"], told["now"], told["differences"]) == ("genuine", None, None)


async def test_the_page_of_a_receipt_is_read_by_whoever_holds_its_address(
    front: Gateway, register: Register
) -> None:
    number = await make_licences.licensed(register)
    await make_licences.impose(register, number, "conditions", conditions="Works supervised.")
    made = (await check(front, number)).json()
    page = await front.http.get(f"/receipts/{made['reference']}", headers={"Accept": "text/html"})
    assert page.status_code == 200
    for part in (
        "Licensed, with conditions",
        "Works supervised.",
        "The school with the URN 100001",
        made["receipt"],
        made["page"],
    ):
        assert part in page.text
    picture = await front.http.get(f"/receipts/{made['reference']}/qr.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert (await front.http.get("/receipts/nothing", headers={"Accept": "text/html"})).status_code == 404
    verified = await front.http.post("/receipts", data={"receipt": made["receipt"]})
    assert "This receipt is genuine" in verified.text
    assert "the same is said today" in verified.text
    assert (await front.http.post("/receipts", data={"receipt": " "})).status_code == 400
