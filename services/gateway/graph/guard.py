"""The one guard of the graph: how much a document asks for, measured before anything is validated or run.

Each fragment is measured once and the result remembered, so the work is linear in the document however
often fragments are spread; the sums say what the document would come to with all fragments written out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_list_type,
)
from graphql.type import GraphQLNamedType, SchemaMetaFieldDef, TypeMetaFieldDef, get_nullable_type

from shared.errors import Unprocessable

DEEPEST = 10
DEEPEST_INTROSPECTION = 20
MOST_ALIASES = 15
MOST_DIRECTIVES = 50
MOST_FIELDS = 500
MOST_COST = 20_000
MOST_STEPS = 120_000
"""Done in well under a second, for which everybody else has to wait."""
STEPS_OF_AN_OBJECT = 10
MOST_LEVELS = 60
ASSUMED_LENGTH = 5

_META = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}
_LENGTHS = frozenset({"first", "last", "limit"})


class QueryTooComplex(Unprocessable):
    """This query asks for too much at once: {what} come to more than {most}. Ask for less, or in parts."""


class FragmentsGoInCircles(Unprocessable):
    """The fragment {name} contains itself."""


class FragmentNotUsed(Unprocessable):
    """The fragment {name} is not used by any operation: leave it out."""


class IntrospectionIsOff(Unprocessable):
    """The schema cannot be asked for here: it is published at /schema.graphql."""


@dataclass(frozen=True, slots=True)
class Size:
    """What a selection comes to.

    Cost is the number of objects that it could make the services return; steps are the work of writing
    them down, in the time that one field takes.
    """

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    fields: int = 0
    cost: int = 0
    steps: int = 0

    def with_(self, other: "Size") -> "Size":
        """Return the size of both side by side; refuses as soon as that is too much."""
        return _within(
            Size(
                max(self.depth, other.depth),
                self.aliases + other.aliases,
                self.directives + other.directives,
                self.fields + other.fields,
                self.cost + other.cost,
                self.steps + other.steps,
            )
        )


def check(
    schema: GraphQLSchema, document: DocumentNode, *, variables: Mapping[str, Any], introspection: bool
) -> None:
    """Refuse a document that asks for too much, or whose fragments go in circles or are not used."""
    measure = _Measure(schema, document, variables, introspection)
    total = Size()
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            total = total.with_(measure.operation(definition))
    unused = measure.fragments.keys() - measure.measured.keys()
    if unused:
        raise FragmentNotUsed(name=min(unused))


class _Measure:
    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        variables: Mapping[str, Any],
        introspection: bool,
    ) -> None:
        self.fragments = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }
        self.measured: dict[str, Size | None] = {}  # None while it is being measured
        self._schema = schema
        self._variables = variables
        self._defaults = _default_lengths(document)
        self._introspection = introspection

    def operation(self, node: OperationDefinitionNode) -> Size:
        root = self._schema.get_root_type(node.operation)
        on_variables = sum(len(each.directives or ()) for each in node.variable_definitions or ())
        size = Size(directives=len(node.directives or ()) + on_variables)
        return size.with_(self._selections(node.selection_set, root, 0))

    def _selections(self, node: SelectionSetNode, parent: GraphQLNamedType | None, level: int) -> Size:
        if level > MOST_LEVELS:
            raise QueryTooComplex(what="its levels", most=MOST_LEVELS)
        size = Size()
        for selection in node.selections:
            size = size.with_(self._selection(selection, parent, level))
        return size

    def _selection(self, node: SelectionNode, parent: GraphQLNamedType | None, level: int) -> Size:
        inner = Size(directives=len(node.directives or ()))
        if isinstance(node, FieldNode):
            return inner.with_(self._field(node, parent, level))
        if isinstance(node, FragmentSpreadNode):
            return inner.with_(self._fragment(node.name.value, level))
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            on = self._schema.get_type(condition.name.value) if condition else parent
            return inner.with_(self._selections(node.selection_set, on, level + 1))
        return inner

    def _fragment(self, name: str, level: int) -> Size:
        fragment = self.fragments.get(name)
        if fragment is None:
            return Size()  # validation says so
        if name not in self.measured:
            self.measured[name] = None
            on = self._schema.get_type(fragment.type_condition.name.value)
            own = Size(directives=len(fragment.directives or ()))
            self.measured[name] = own.with_(self._selections(fragment.selection_set, on, level + 1))
        size = self.measured[name]
        if size is None:
            raise FragmentsGoInCircles(name=name)
        return size

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, level: int) -> Size:
        name = node.name.value
        if name in _META and not self._introspection:
            raise IntrospectionIsOff
        own = Size(depth=1, aliases=int(node.alias is not None), fields=1, steps=1)
        if node.selection_set is None:
            return own
        field = _field_of(name, parent)
        child = self._selections(node.selection_set, get_named_type(field.type) if field else None, level + 1)
        length = self._length(node, field, parent)
        return _within(
            Size(
                # The schema describes itself more deeply than it may be asked for anything else.
                depth=1 if name in _META else 1 + child.depth,
                aliases=own.aliases + child.aliases,
                directives=child.directives,
                fields=1 + child.fields,
                cost=length * (1 + child.cost),
                steps=length * (STEPS_OF_AN_OBJECT + child.steps),
            ),
            deepest=DEEPEST_INTROSPECTION if _introspects(parent, name) else DEEPEST,
        )

    def _length(self, node: FieldNode, field: GraphQLField | None, parent: GraphQLNamedType | None) -> int:
        """Return how many objects a field can give, at most, as far as the request says so.

        Of a page the whole is counted as often as it can have items, and its list of them once.
        """
        if field is None or _is_page(parent):
            return 1
        is_page = _is_page(get_named_type(field.type))
        if not is_page and not is_list_type(get_nullable_type(field.type)):
            return 1
        stated = [self._stated(each.name.value, each.value) for each in node.arguments or ()]
        usual = field.args["first"].default_value if is_page else ASSUMED_LENGTH
        return max((length for length in stated if length is not None), default=usual)

    def _stated(self, name: str, value: Any) -> int | None:
        if isinstance(value, ListValueNode):
            return len(value.values)
        if isinstance(value, IntValueNode):
            return _number(value) if name in _LENGTHS else None
        return self._given(name, value.name.value) if isinstance(value, VariableNode) else None

    def _given(self, name: str, variable: str) -> int | None:
        if variable not in self._variables:
            return self._defaults.get((variable, name in _LENGTHS))
        given = self._variables[variable]
        if isinstance(given, list):
            return len(given)
        return max(given, 0) if name in _LENGTHS and isinstance(given, int) else None


def _default_lengths(document: DocumentNode) -> dict[tuple[str, bool], int]:
    """Return what stands in for variables, the most where operations differ.

    By the name of the variable, and whether it is a number or the length of a list.
    """
    lengths: dict[tuple[str, bool], int] = {}
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            for variable in definition.variable_definitions or ():
                value = variable.default_value
                if isinstance(value, ListValueNode | IntValueNode):
                    key = (variable.variable.name.value, isinstance(value, IntValueNode))
                    length = _number(value) if isinstance(value, IntValueNode) else len(value.values)
                    lengths[key] = max(length, lengths.get(key, 0))
    return lengths


def _number(node: IntValueNode) -> int:
    # A number of that many digits is over any budget, and slow to read.
    return MOST_COST + 1 if len(node.value) > 9 else max(int(node.value), 0)


def _is_page(kind: GraphQLNamedType | None) -> bool:
    return isinstance(kind, GraphQLObjectType) and "pageInfo" in kind.fields


def _field_of(name: str, parent: GraphQLNamedType | None) -> GraphQLField | None:
    if name in _META:
        return _META[name]
    return parent.fields.get(name) if isinstance(parent, GraphQLObjectType) else None


def _introspects(parent: GraphQLNamedType | None, name: str) -> bool:
    return name in _META or (parent is not None and parent.name.startswith("__"))


def _within(size: Size, *, deepest: int = DEEPEST_INTROSPECTION) -> Size:
    limits = (
        ("its levels", size.depth, deepest),
        ("its aliases", size.aliases, MOST_ALIASES),
        ("its directives", size.directives, MOST_DIRECTIVES),
        ("its fields", size.fields, MOST_FIELDS),
        ("the objects that it could return", size.cost, MOST_COST),
        ("the steps that it takes", size.steps, MOST_STEPS),
    )
    for what, found, most in limits:
        if found > most:
            raise QueryTooComplex(what=what, most=most)
    return size
