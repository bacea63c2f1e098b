"""What the services publish, as the pages read it: people, schools and providers by name, and reports."""

from typing import Any

from pydantic import StrictBool, StrictInt, TypeAdapter

from services.gateway.clients.answers import LicenceAnswer, Shape
from services.gateway.clients.caller import Caller
from services.gateway.clients.kitemark import ComplianceWord, ReasonAnswer
from services.gateway.clients.upstream import Service

MOST_FOUND = 20


class PersonAnswer(Shape):
    """Somebody on the register, as a search shows them."""

    number: str
    given_names: str
    family_name: str
    home_country: str | None = None
    regions: tuple[str, ...] = ()
    licence: LicenceAnswer


class MatchAnswer(Shape):
    """How a name was met."""

    how: str
    previous_name: StrictBool


class FoundPerson(Shape):
    """Somebody who was found."""

    practitioner: PersonAnswer
    match: MatchAnswer | None = None


class FoundPeople(Shape):
    """Who was found, best first; ``cut`` where more were met than are shown."""

    items: tuple[FoundPerson, ...]
    next: str | None = None
    cut: StrictBool


class FoundSchool(Shape):
    """A school as its national register has it."""

    number: str
    name: str
    status: str
    la_name: str | None = None
    town: str | None = None
    postcode: str | None = None


class FoundSchools(Shape):
    """Schools that were found."""

    items: tuple[FoundSchool, ...]
    next: str | None = None


class FoundProvider(Shape):
    """A provider of guidance."""

    ukprn: str
    name: str
    trade_name: str | None = None


class FoundProviders(Shape):
    """Providers that were found."""

    items: tuple[FoundProvider, ...]
    next: str | None = None


class FindingAnswer(Shape):
    """What one rule asks of a provider."""

    rule: str
    standard: str
    asks_of: str
    answer: ComplianceWord
    reason: ReasonAnswer


class ProviderCompliance(Shape):
    """Whether a provider has what is asked of it, rule by rule."""

    ukprn: str
    name: str | None = None
    answer: ComplianceWord
    reasons: tuple[ReasonAnswer, ...] = ()
    findings: tuple[FindingAnswer, ...] = ()
    successor: str | None = None


class ReportRow(Shape):
    """A row of a report of the register; a suppressed count is null."""

    codes: tuple[str, ...]
    count: StrictInt | None


class Report(Shape):
    """A report of the register."""

    title: str
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...]
    rows: tuple[ReportRow, ...]


class TableReport(Shape):
    """A report of the kite mark."""

    title: str
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...]
    rows: tuple[tuple[str | StrictInt | None, ...], ...]


_PEOPLE = TypeAdapter(FoundPeople)
_SCHOOLS = TypeAdapter(FoundSchools)
_PROVIDERS = TypeAdapter(FoundProviders)
_COMPLIANCE = TypeAdapter(ProviderCompliance)
_REPORT = TypeAdapter(Report)
_TABLE = TypeAdapter(TableReport)


async def people(register: Service, *, name: str, caller: Caller) -> FoundPeople:
    """Return who is met by the words of a name, however they are spelled."""
    params = {"q": name, "limit": MOST_FOUND}
    answer = await register.call("GET", "/v1/practitioners", caller=caller, params=params)
    return register.read(_PEOPLE, answer)


async def schools(kitemark: Service, *, params: dict[str, Any], caller: Caller) -> FoundSchools:
    """Return schools by the words of their name (``q``), or by a number or postcode of theirs."""
    wanted = params | {"limit": MOST_FOUND}
    answer = await kitemark.call("GET", "/v1/schools", caller=caller, params=wanted)
    return kitemark.read(_SCHOOLS, answer)


async def providers(kitemark: Service, *, name: str, caller: Caller) -> FoundProviders:
    """Return providers by the words of their name."""
    params = {"name": name, "limit": MOST_FOUND}
    answer = await kitemark.call("GET", "/v1/providers", caller=caller, params=params)
    return kitemark.read(_PROVIDERS, answer)


async def compliance(kitemark: Service, *, ukprn: str, caller: Caller) -> ProviderCompliance:
    """Return whether a provider has what is asked of it today."""
    answer = await kitemark.call("GET", f"/v1/providers/{ukprn}/compliance", caller=caller)
    return kitemark.read(_COMPLIANCE, answer)


async def report(register: Service, name: str, *, caller: Caller) -> Report:
    """Return a report of the register as of today."""
    return register.read(_REPORT, await register.call("GET", f"/v1/reports/{name}", caller=caller))


async def coverage(kitemark: Service, *, by: str, caller: Caller) -> TableReport:
    """Return how many schools hold which mark today."""
    answer = await kitemark.call("GET", "/v1/reports/mark-coverage", caller=caller, params={"by": by})
    return kitemark.read(_TABLE, answer)
