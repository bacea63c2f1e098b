"""Draw again from the proof of an audit or a moderation, with nothing but Python.

python verify_draw.py <file or URL> prints what was drawn in each stratum, in order: of an audit people by
salted id, of a moderation awards. It ends with 1 where the list is not the one whose digest was published
before the seed existed.
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
    listed, seed = proof["people"] if "people" in proof else proof["awards"], proof["seed"]
    lines = sorted(f"{entry} {','.join(sorted(of))}" for entry, of in listed.items())
    if hashlib.sha256("\n".join(lines).encode()).hexdigest() != proof["list_hash"]:
        print("This is not the list that was frozen.", file=sys.stderr)
        return 1
    print(f"The list of {len(listed)} is the one that was frozen.")
    if seed is None:
        print("There is no seed yet.")
        return 0
    order = sorted(listed, key=lambda one: hmac.digest(seed.encode(), one.encode(), "sha256"))
    for name, stratum in sorted(proof["strata"].items()):
        drawn = [entry for entry in order if name in listed[entry]][: stratum["size"]]
        print(f"{name}: {len(drawn)} of {stratum['population']}", *drawn, sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
