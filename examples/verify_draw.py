"""Draw again from the proof of an audit, with nothing but Python: python verify_draw.py <file or URL>.

It prints who was drawn in each association, in order, by salted id. It ends with 1 where the list is not the
one whose digest was published before the seed existed.
"""

import hashlib
import hmac
import json
import sys
import urllib.request


def main(place: str) -> int:
    """Check the list against its published digest, and draw."""
    if place.startswith(("http://", "https://")):
        proof = json.load(urllib.request.urlopen(place))
    else:
        with open(place, encoding="utf-8") as file:
            proof = json.load(file)
    people, seed = proof["people"], proof["seed"]
    lines = sorted(f"{salted} {','.join(sorted(of))}" for salted, of in people.items())
    if hashlib.sha256("\n".join(lines).encode()).hexdigest() != proof["list_hash"]:
        print("This is not the list that was frozen.", file=sys.stderr)
        return 1
    print(f"The list of {len(people)} people is the one that was frozen.")
    if seed is None:
        print("There is no seed yet.")
        return 0
    order = sorted(people, key=lambda one: hmac.digest(seed.encode(), one.encode(), "sha256"))
    for association, stratum in sorted(proof["strata"].items()):
        drawn = [salted for salted in order if association in people[salted]][: stratum["size"]]
        print(f"{association}: {len(drawn)} of {stratum['population']}", *drawn, sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
