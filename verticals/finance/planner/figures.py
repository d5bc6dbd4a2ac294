"""Figures of a question: metrics of the dictionary with the question's own formulas put in their place."""

from __future__ import annotations

from verticals.finance.metrics import metric
from verticals.finance.planner.program import Figure
from verticals.finance.planner.request import Request
from verticals.finance.ratios.expression import Average, Binary, First, Item, Node, Optional, shifted

QUESTION = "as defined in the question"


def of_metric(name: str, request: Request) -> Figure:
    """The figure that the question calls `name`."""
    own = name.startswith("own:")
    if name in request.definitions:
        node = _put(request.definitions[name], request.definitions, {name})
        unit = _unit(node, request) if own else metric(name).unit
        label = request.labels.get(name, name) if own else metric(name).label
        good = "none" if own else metric(name).good
        return Figure(name, label, node, unit, good, QUESTION)
    m = metric(name)
    node = m.expression
    changed = _put(node, request.definitions, set()) if not m.is_line else node
    definition = f"{m.definition}; {QUESTION}" if changed != node else m.definition
    return Figure(
        name,
        m.label,
        changed,
        m.unit,
        m.good,
        definition,
        "" if changed != node else m.note,
        m.is_line,
        instant(m.name),
    )


def share(part: Figure, whole: Figure) -> Figure:
    """`part` as a percentage of `whole`."""
    label = f"{part.label} as a share of {whole.label}"
    return Figure(
        f"{part.name}/{whole.name}",
        label,
        Binary("/", part.node, whole.node),
        "percent",
        "none",
        "one figure over the other",
        _notes(part, whole),
    )


def ratio(above: Figure, below: Figure) -> Figure:
    """`above` over `below` as a plain ratio."""
    node = Binary("/", above.node, below.node)
    label = f"ratio of {above.label} to {below.label}"
    return Figure(f"{above.name}/{below.name}", label, node, "times", "none", QUESTION, _notes(above, below))


def _notes(*parts: Figure) -> str:
    """The definitions of the parts, where analysts differ on them."""
    return "; ".join(f"{p.label}: {p.note}" for p in parts if p.note)


def of_formula(node: Node, request: Request, label: str) -> Figure:
    """A formula that the question writes in place of a name."""
    node = _put(node, request.definitions, set())
    return Figure("formula", label, node, _unit(node, request), "none", QUESTION)


def instant(name: str) -> bool:
    """Whether every line of a metric is a balance (of a date), so that it has no period of its own."""
    from verticals.finance.statements.concepts import lines

    known = lines()
    statements = {known[x].statement for x in metric(name).lines() if x in known}
    return statements == {"balance_sheet"}


def fixed_years(node: Node) -> set[int]:
    """Fiscal years that a formula names itself."""
    own = {node.year} if isinstance(node, Item) and node.year is not None else set()
    return own.union(*(fixed_years(c) for c in node.children())) if node.children() else own


def _put(node: Node, given: dict[str, Node], open_: set[str]) -> Node:
    """`node` with every name that the question defines replaced by its formula."""
    if isinstance(node, Item):
        if node.name in given and node.name not in open_ and not node.raw:
            inner = _put(given[node.name], given, open_ | {node.name})
            return shifted(inner, node.shift) if node.shift else inner
        if node.raw or node.name.startswith("own:"):
            return node
        m = metric(node.name)
        # Names inside a metric of the dictionary may be defined by the question too.
        if not m.is_line and _uses(m.name, given):
            return shifted(_put(m.expression, given, open_ | {node.name}), node.shift)
        return node
    if isinstance(node, Average):
        return Average(tuple(_put(p, given, open_) for p in node.parts))
    if isinstance(node, Binary):
        return Binary(node.operator, _put(node.left, given, open_), _put(node.right, given, open_))
    if isinstance(node, First):
        return First(tuple(_put(o, given, open_) for o in node.options))
    if isinstance(node, Optional):
        return Optional(_put(node.part, given, open_))
    return node


def _uses(name: str, given: dict[str, Node]) -> bool:
    m = metric(name)
    return not m.is_line and any(i in given or _uses(i, given) for i in m.expression.items())


def _unit(node: Node, request: Request) -> str:
    """Unit of a formula that only the question defines."""
    if request.form.percent:
        return "percent"
    return _kind(node)


def _kind(node: Node) -> str:
    if isinstance(node, Item):
        return "times" if node.name.startswith("own:") else metric(node.name).unit
    if isinstance(node, Binary):
        left, right = _kind(node.left), _kind(node.right)
        if node.operator in "+-":
            return left if left != "number" else right
        if node.operator == "*":
            return right if left in ("number", "times", "percent") else left
        return (
            left
            if right in ("number",)
            else "times"
            if left == right or left == "number"
            else "per_share"
            if right == "shares"
            else "times"
        )
    if isinstance(node, (Average, First)):
        return _kind(node.children()[0])
    if isinstance(node, Optional):
        return _kind(node.part)
    return "number"
