"""Look up one licence and verify several, with the generated Python client.

usage: look_up.py <number> ...; the register's address is REGISTER_URL.
"""

import os
import sys

from register_client import Client
from register_client.api.licences import get_licence
from register_client.api.verifications import verify
from register_client.models import Problem, VerificationsOut, VerifyVerificationsIn

numbers = sys.argv[1:]
with Client(base_url=os.environ["REGISTER_URL"]) as client:
    licence = get_licence.sync(numbers[0], client=client)
    if licence is None or isinstance(licence, Problem):
        sys.exit(f"refused: {licence.detail if licence else 'no such answer is described'}")
    print(f"{numbers[0]}: {licence.to_dict()['verdict']}")

    rows = VerifyVerificationsIn.from_dict({"rows": [{"number": number} for number in numbers]})
    verified = verify.sync(client=client, body=rows)
    if not isinstance(verified, VerificationsOut):
        sys.exit(f"refused: {verified.detail if verified else 'no such answer is described'}")
    for row in verified.to_dict()["items"]:
        print(f"{row['number']}: {row['verdict']}")
