"""Formulas of a master batch record: exact arithmetic on quantities, in a sandbox.

The language: `+ - * /`, parentheses, names, plain decimal numbers, `min(...)`, `max(...)` and
`round_to(x, places)`. Nothing else parses, so nothing else can run: no attribute, index, call of
another name, power, comparison, text or keyword. Length, depth, digits and exponents are bounded.

Values carry their units. A sum, difference, min or max needs one dimension; a product or quotient
combines dimensions; the result must have the dimension of the declared unit. Ratios are numbers
(98.5 % enters as 0.985 and a ratio declared in % leaves as 98.5 %), and counted things are numbers
too (SI Brochure 2.3.3), so that `weight * tablets` is a weight.

Arithmetic is decimal with 34 digits; the only rounding beside that is the declared one.

References:
    21 CFR 211.68(b) (computed records are accurate); USP General Notices 7.20 (half up);
    IEEE 754-2008 decimal128.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, reduce
from typing import TYPE_CHECKING

from daytwo.kernel.quantity import Quantity, Rounding
from daytwo.kernel.units import unit_named
from daytwo.record.recipes.arithmetic import (
    CONTEXT,
    Term,
    apply,
    both,
    combined,
    dimension_of,
    negative,
    require_unit,
    rounded,
    term_of,
    words,
)
from daytwo.record.recipes.errors import ExpressionRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_LENGTH = 500
"""Characters of an expression."""
MAX_DEPTH = 50
"""Parentheses, calls, signs and operators within each other."""
MAX_DIGITS = 30
"""Digits of a number in the text."""
MAX_PLACES = 12
"""Decimal places that a rounding may ask for."""

_CHARACTERS = re.compile(r"[A-Za-z0-9_ .,+\-*/()]+")
_LITERAL = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_FUNCTIONS = frozenset({"round_to", "min", "max"})


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that parsed: its text and the names it needs."""

    text: str
    names: frozenset[str]

    def evaluate(
        self,
        values: Mapping[str, Quantity],
        *,
        unit: str,
        places: int,
        rounding: Rounding = Rounding.HALF_UP,
    ) -> Quantity:
        """Compute the expression.

        Args:
            values: A quantity for each name; others are left alone.
            unit: Unit of the result; the dimension must come out so.
            places: Decimal places of the result in that unit, 0 to 12.
            rounding: What a five with nothing behind it does.

        Returns:
            The result in `unit`, rounded once, with exactly `places` decimals.

        Raises:
            ExpressionRefused: `name` undefined, `unit` mismatch, `arithmetic` (division by zero),
                `limit` (a value beyond bounds).

        References:
            21 CFR 211.68(b); USP General Notices 7.20.
        """
        if not 0 <= places <= MAX_PLACES:
            raise ExpressionRefused("limit", f"Decimals must be 0 to {MAX_PLACES}.", places=places)
        terms = {name: term_of(values[name]) for name in self.names if name in values}
        result = self._run(terms, rounding)
        require_unit(result, unit)
        value = result.value
        if value is None:  # pragma: no cover - every term above has a value
            raise ExpressionRefused("arithmetic", "The expression has no value.")
        scaled = apply(CONTEXT.divide, value, unit_named(unit).factor)
        return Quantity(rounded(scaled, places, rounding), unit)

    def check_units(self, units: Mapping[str, str], *, unit: str) -> None:
        """Check names and units without values, as is done before an approval.

        Args:
            units: The unit of each name that is defined.
            unit: Unit of the result.

        Raises:
            ExpressionRefused: `name` undefined, `unit` mismatch.
        """
        terms = {
            name: Term(None, dimension_of(units[name])) for name in self.names if name in units
        }
        require_unit(self._run(terms, Rounding.HALF_UP), unit)

    def _run(self, terms: Mapping[str, Term], rounding: Rounding) -> Term:
        return _Walk(self.text, terms, rounding).visit(_tree(self.text))


def parse(text: str) -> Expression:
    """Read an expression.

    Args:
        text: The expression; at most 500 characters.

    Raises:
        ExpressionRefused: `syntax` for anything that is not the language above, `limit` for what
            is too long, too deep or has too many digits.

    References:
        21 CFR 211.68(b).
    """
    names: set[str] = set()
    _check(_tree(text), text, names, MAX_DEPTH)
    return Expression(text, frozenset(names))


@lru_cache(maxsize=1024)
def _tree(text: str) -> ast.expr:
    if len(text) > MAX_LENGTH:
        raise ExpressionRefused("limit", f"An expression has at most {MAX_LENGTH} characters.")
    strange = next((mark for mark in text if not _CHARACTERS.fullmatch(mark)), None)
    if strange is not None:
        raise ExpressionRefused("syntax", f"{strange!r} has no meaning here.", text=text)
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ExpressionRefused(
            "syntax", f"{text!r} is not an expression of numbers, names and + - * / ( ).", text=text
        ) from None


def _check(node: ast.expr, text: str, names: set[str], depth: int) -> None:
    if depth == 0:
        raise ExpressionRefused("limit", f"At most {MAX_DEPTH} levels may be nested.", text=text)
    match node:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right=right):
            _check(left, text, names, depth - 1)
            _check(right, text, names, depth - 1)
        case ast.UnaryOp(op=ast.UAdd() | ast.USub(), operand=operand):
            _check(operand, text, names, depth - 1)
        case ast.Constant():
            _literal(node, text)
        case ast.Name(id=name) if name not in _FUNCTIONS:
            names.add(name)
        case ast.Call(func=ast.Name(id="round_to"), args=[value, places], keywords=[]):
            _check(value, text, names, depth - 1)
            _places(places, text)
        case ast.Call(func=ast.Name(id="min" | "max"), args=[_, _, *_] as values, keywords=[]):
            for value in values:
                _check(value, text, names, depth - 1)
        case _:
            raise ExpressionRefused(
                "syntax",
                "Only + - * /, parentheses, names, numbers, min(a, b), max(a, b) and"
                f" round_to(x, places) may be used, not {_source(node, text)!r}.",
                text=text,
            )


def _source(node: ast.expr, text: str) -> str:
    return ast.get_source_segment(text.strip(), node) or ""


def _literal(node: ast.expr, text: str) -> Decimal:
    """Return a number from its characters: what Python made of it went through a float."""
    source = _source(node, text)
    if not _LITERAL.fullmatch(source):
        raise ExpressionRefused("syntax", f"{source!r} is not a plain decimal number.", text=text)
    if len(source) > MAX_DIGITS:
        raise ExpressionRefused("limit", f"A number has at most {MAX_DIGITS} digits.", text=text)
    return Decimal(source)


def _places(node: ast.expr, text: str) -> int:
    places = _literal(node, text) if isinstance(node, ast.Constant) else None
    if places is None or places != int(places) or places > MAX_PLACES:
        raise ExpressionRefused(
            "syntax", f"round_to(x, places) needs a whole number of 0 to {MAX_PLACES}.", text=text
        )
    return int(places)


class _Walk:
    """One evaluation: values by name, or dimensions alone."""

    def __init__(self, text: str, terms: Mapping[str, Term], rounding: Rounding) -> None:
        self._text = text
        self._terms = terms
        self._rounding = rounding

    def visit(self, node: ast.expr) -> Term:
        """Return the value of a checked node."""
        match node:
            case ast.BinOp(left=left, op=op, right=right):
                return self._binary(op, self.visit(left), self.visit(right), node)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                term = self.visit(operand)
                return Term(negative(term.value), term.dimension)
            case ast.UnaryOp(operand=operand):
                return self.visit(operand)
            case ast.Constant():
                return Term(_literal(node, self._text), ())
            case ast.Name(id=name):
                return self._named(name)
            case ast.Call(func=ast.Name(id="round_to"), args=[value, places]):
                return self._round(self.visit(value), _places(places, self._text))
            case ast.Call(func=ast.Name(id=function), args=values):
                return self._extreme(function, [self.visit(value) for value in values], node)
        raise ExpressionRefused(  # pragma: no cover - _check lets nothing else through
            "syntax", "The expression was not checked.", text=self._text
        )

    def _named(self, name: str) -> Term:
        try:
            return self._terms[name]
        except KeyError:
            raise ExpressionRefused("name", f"{name!r} has no value here.", name=name) from None

    def _binary(self, op: ast.operator, left: Term, right: Term, node: ast.expr) -> Term:
        match op:
            case ast.Mult():
                return Term(
                    both(CONTEXT.multiply, left, right),
                    combined(left.dimension, right.dimension, 1),
                )
            case ast.Div():
                return Term(
                    both(CONTEXT.divide, left, right), combined(left.dimension, right.dimension, -1)
                )
        self._same(left, right, node)
        operation = CONTEXT.add if isinstance(op, ast.Add) else CONTEXT.subtract
        return Term(both(operation, left, right), left.dimension)

    def _extreme(self, function: str, terms: list[Term], node: ast.expr) -> Term:
        for term in terms[1:]:
            self._same(terms[0], term, node)
        chosen = CONTEXT.min if function == "min" else CONTEXT.max
        return reduce(lambda a, b: Term(both(chosen, a, b), a.dimension), terms)

    def _round(self, term: Term, places: int) -> Term:
        if term.dimension:
            raise ExpressionRefused(
                "unit",
                "round_to() takes a number: a weight rounds differently in g and in kg. Divide by"
                " a quantity first; the result is rounded in its declared unit anyway.",
                text=self._text,
            )
        if term.value is None:
            return term
        return Term(rounded(term.value, places, self._rounding), ())

    def _same(self, left: Term, right: Term, node: ast.expr) -> None:
        if left.dimension != right.dimension:
            raise ExpressionRefused(
                "unit",
                f"{words(left.dimension)} and {words(right.dimension)} cannot be added or"
                f" compared in {_source(node, self._text)!r}.",
                text=self._text,
            )
