"""The words for what strands come to together, which never claim a strand that nobody was asked about."""

from collections.abc import Collection

from services.gateway.domain.assurance import Overall, Strand
from services.gateway.pages.wording import Heading, Tone

_TONES: dict[Overall, Tone] = {
    Overall.ASSURED: "good",
    Overall.NOT_ASSURED: "stop",
    Overall.INCOMPLETE: "caution",
}
_TODAY = {
    Overall.ASSURED: "All three strands hold",
    Overall.NOT_ASSURED: "Something is missing",
    Overall.INCOMPLETE: "Not everything is known",
}
_THEN = {
    Overall.ASSURED: "All three strands held",
    Overall.NOT_ASSURED: "Something was missing",
    Overall.INCOMPLETE: "Not everything was known",
}


def heading(overall: Overall, strands: Collection[Strand], *, then: bool = False) -> Heading:
    """Return how the page is headed; ``strands`` are those of which something was asked.

    Where no adviser works for a provider there is no provider to ask about, and two strands are not three.
    """
    words = (_THEN if then else _TODAY)[overall]
    if overall is Overall.ASSURED and set(strands) != set(Strand):
        words = "What was asked about held" if then else "What was asked about holds"
    return Heading(words, _TONES[overall])
