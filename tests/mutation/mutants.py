"""Mutants of a module: its source with one small mistake in it, one mutant for each place and kind of mistake."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

OTHER_COMPARES: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
OTHER_SUMS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
}
OTHER_CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Mutant:
    """`place` is the function or class it is in, `before` and `after` the line that was changed."""

    place: str
    before: str
    after: str
    line: int
    source: str

    @property
    def name(self) -> str:
        """How docs/mutation.md names it."""
        return f"{self.place}: {self.before} → {self.after}"


@dataclass(frozen=True)
class Spot:
    """A node that could be mistaken, the statement it is part of, and the function or class around it."""

    node: ast.AST
    statement: ast.stmt
    place: str


def mutants_of(source: str) -> list[Mutant]:
    """All of them, each once, in the order of the source."""
    tree = ast.parse(source)
    found: dict[str, Mutant] = {}
    for number, spot in enumerate(_spots(tree)):
        for change in range(len(list(_changes(spot.node)))):
            mutant = _mutant(tree, number, change)
            found.setdefault(mutant.source, mutant)
    found.pop(ast.unparse(tree), None)
    return list(found.values())


def _mutant(tree: ast.Module, number: int, change: int) -> Mutant:
    changed = copy.deepcopy(tree)
    spot = list(_spots(changed))[number]
    before, line = _words(spot.statement), spot.statement.lineno
    other = list(_changes(spot.node))[change]
    _replace(changed, spot.node, other)
    after = _words(other if spot.node is spot.statement else spot.statement)
    return Mutant(spot.place, before, after, line, ast.unparse(ast.fix_missing_locations(changed)))


def _words(node: ast.AST) -> str:
    """One line; of a statement with a body only its head."""
    return " ".join(ast.unparse(ast.fix_missing_locations(node)).splitlines()[0].split())


def _spots(tree: ast.Module) -> list[Spot]:
    """Types, decorators and docstrings are left out."""
    return list(_walk(tree, "", None))


def _walk(node: ast.AST, place: str, statement: ast.stmt | None) -> Iterator[Spot]:
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _is_docstring(child):
                continue
            within = child if isinstance(child, ast.stmt) else statement
            if within is not None:
                yield Spot(child, within, place or "module")
            inside = f"{place}.{child.name}".lstrip(".") if isinstance(child, _NAMED) else place
            yield from _walk(child, inside, within)


_NAMED = (ast.FunctionDef, ast.ClassDef)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """The mistakes that could be made in place of this node."""
    if isinstance(node, ast.expr):
        yield from _other_expressions(node)
    elif isinstance(node, ast.comprehension):
        for place, test in enumerate(node.ifs):
            ifs = [*node.ifs[:place], _not(test), *node.ifs[place + 1 :]]
            yield ast.comprehension(node.target, node.iter, ifs, node.is_async)
    elif isinstance(node, ast.stmt):
        yield from _other_statements(node)


def _not(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _other_expressions(node: ast.expr) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            yield from _other_compares(node)
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.BinOp() if type(node.op) in OTHER_SUMS:
            yield ast.BinOp(node.left, OTHER_SUMS[type(node.op)](), node.right)
        case ast.Constant():
            yield from _other_constants(node)
        case ast.Call(func=ast.Name(id=name)) if name in OTHER_CALLS:
            yield ast.Call(ast.Name(OTHER_CALLS[name], ast.Load()), node.args, node.keywords)
        case ast.IfExp():
            yield ast.IfExp(_not(node.test), node.body, node.orelse)


def _other_statements(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.AugAssign() if type(node.op) in OTHER_SUMS:
            yield ast.AugAssign(node.target, OTHER_SUMS[type(node.op)](), node.value)
        case ast.If() | ast.While():
            yield type(node)(_not(node.test), node.body, node.orelse)
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield ast.Return(ast.Constant(None))
        case ast.Raise():
            yield ast.Pass()
        case ast.Continue():
            yield ast.Break()


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _other_compares(node: ast.Compare) -> Iterator[ast.AST]:
    for place, operator in enumerate(node.ops):
        for other in OTHER_COMPARES[type(operator)]:
            yield ast.Compare(node.left, [*node.ops[:place], other(), *node.ops[place + 1 :]], node.comparators)


def _other_constants(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)


def _replace(tree: ast.AST, node: ast.AST, other: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is node:
                setattr(parent, name, other)
                return
            if isinstance(value, list):
                for place, child in enumerate(value):
                    if child is node:
                        value[place] = other
                        return
    raise AssertionError("the node is in the tree")
