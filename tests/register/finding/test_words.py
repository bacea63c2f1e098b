"""Names taken apart: what a stranger types meets the name as its owner writes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.register.domain.finding.search import NameTooLong, NameTooShort, check_words
from services.register.domain.finding.words import keys_of, typed
from services.register.domain.person import Name


def how(text: str, given_names: str, family_name: str) -> str | None:
    """Return by which kind of key the words meet the name, the furthest that any of them needs."""
    keys = set(keys_of(Name(given_names=given_names, family_name=family_name)))
    needed = []
    for word in typed(text):
        kinds = {"exact": [word.exact], "start": word.starts, "slip": word.slips, "sound": word.sounds}
        met = [place for place, kind in enumerate(kinds) if keys & set(kinds[kind])]
        if not met:
            return None
        needed.append(met[0])
    return ["exact", "start", "slip", "sound"][max(needed)]


@pytest.mark.parametrize(
    ("text", "name", "wanted"),
    [
        ("Siân Example", ("Siân", "Example"), "exact"),
        ("example SIAN", ("Siân", "Example"), "exact"),
        ("S Exam", ("Siân", "Example"), "start"),
        ("Sian Exmaple", ("Siân", "Example"), "slip"),
        ("Sian Examples", ("Siân", "Example"), "slip"),
        ("Shane Example", ("Siân", "Example"), "sound"),
        ("OBrien", ("Aoife", "O'Brien"), "exact"),
        ("O Brien", ("Aoife", "O’Brien"), "exact"),
        ("Brien", ("Aoife", "O'Brien"), "exact"),
        ("Ní Bhriain", ("Aoife", "Ó Briain"), "slip"),
        ("Mac Donald", ("Ewan", "McDonald"), "exact"),
        ("MacDonald", ("Ewan", "Mc Donald"), "exact"),
        ("McDonald", ("Ewan", "MacDonald"), "exact"),
        ("Macey", ("Ann", "Macey"), "exact"),
        ("Gwenllian Rhys", ("Gwenllian", "ferch Rhys"), "exact"),
        ("Dafydd ap Gwilym", ("Dafydd", "Gwilym"), "exact"),
        ("Dafydd abGwilym", ("Dafydd", "ab Gwilym"), "exact"),
        ("Rees Lewelyn", ("Rhys", "Llewelyn"), "sound"),
        ("Llewelyn Jones", ("Mair", "Llewelyn-Jones"), "exact"),
        ("Llewelynjones", ("Mair", "Llewelyn-Jones"), "exact"),
        ("Catherine Steven", ("Kathryn", "Stephen"), "sound"),
        ("Grønbech", ("Ida", "Gronbech"), "exact"),
        ("O", ("Mai", "O"), "exact"),
        ("Mair Evans", ("Mair", "Llewelyn-Jones"), None),
        ("Ann", ("Ivy", "Example"), None),
    ],
)
def test_a_name_is_met_as_a_stranger_types_it(text: str, name: tuple[str, str], wanted: str | None) -> None:
    assert how(text, *name) == wanted


@given(
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=20),
    st.integers(0, 19),
    st.sampled_from("abcdefghijklmnopqrstuvwxyz"),
    st.sampled_from(["leave out", "put in", "change", "swap"]),
)
def test_one_slip_in_a_word_is_forgiven(word: str, place: int, letter: str, slip: str) -> None:
    place %= len(word)
    before, at, after = word[:place], word[place], word[place + 1 :]
    mistyped = {
        "leave out": before + after,
        "put in": before + letter + at + after,
        "change": before + letter + after,
        "swap": before + after[:1] + at + after[1:],
    }[slip]
    if len(mistyped) >= 4:
        assert how(mistyped, "", word) in {"exact", "start", "slip"}


def test_what_is_too_short_or_too_long_to_search_for_is_refused() -> None:
    for short in ("", "  ", "A", "a b", "-'-"):
        with pytest.raises(NameTooShort):
            check_words(typed(short))
    with pytest.raises(NameTooLong):
        check_words(typed("one two three four five six seven"))
    check_words(typed("Jo"))
