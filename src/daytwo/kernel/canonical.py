"""Canonical JSON: one value, one sequence of bytes, so that a hash of it can be checked anywhere.

Two ways to the same bytes. Most values hold only plain dicts, lists, texts, integers, booleans
and None: a cheap look confirms that, and orjson writes them. Everything else, and every refusal,
goes through the slow way, which says where in the value the trouble lies.

References:
    RFC 8785 (JSON Canonicalization Scheme); ECMA-262, Number::toString; RFC 7493 (I-JSON).
"""

from __future__ import annotations

import hashlib
import math
from json.encoder import encode_basestring
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_INT = 2**53 - 1
"""Largest integer that every JSON reader keeps exactly (RFC 7493, 2.2)."""

MAX_DEPTH = 200
"""Deepest nesting taken: a fixed bound, so that a cycle is refused wherever it is met."""

_FIXED_BELOW = 21  # ECMA-262: numbers below 1e21 are written without an exponent
_FIXED_ABOVE = -6  # ECMA-262: numbers of at least 1e-6 are written without an exponent

_LEAVES = frozenset({str, int, bool, type(None)})
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


def canonical(value: object) -> bytes:
    """Write a value as canonical JSON.

    Args:
        value: dict with text keys, list or tuple, str, int within +-(2**53 - 1), bool, None, or
            finite float. Enum members that are text or integers count as their plain value. A
            float of 2**53 or more reads back as an integer which is then refused: put exact or
            large numbers in text.

    Returns:
        UTF-8 bytes without white space, keys in order of their UTF-16 code units.

    Raises:
        ValueError: Anything else, a lone surrogate, or nesting deeper than `MAX_DEPTH`.
    """
    if _is_plain(value, 0):
        try:
            data = orjson.dumps(value, option=_OPTIONS)
        except orjson.JSONEncodeError:
            pass  # the slow way finds the place, or knows how to write it
        else:
            # Order of UTF-8 bytes and of UTF-16 code units differ only beyond the BMP.
            if data.isascii() or not _is_beyond_bmp(data):
                return data
    return _utf8("".join(_pieces(value, "$", 0)))


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical JSON of a value, as 64 hexadecimal digits.

    Raises:
        ValueError: As `canonical`.
    """
    return hashlib.sha256(canonical(value)).hexdigest()


def _is_plain(value: object, depth: int) -> bool:
    """Tell whether a value holds only what orjson writes right; False says only: look closer.

    Keys, the range of integers and surrogates are left to orjson, which refuses them itself.
    """
    kind = type(value)
    if kind is dict:
        items: Iterable[object] = value.values()  # type: ignore[attr-defined]
    elif kind is list or kind is tuple:
        items = value  # type: ignore[assignment]
    else:
        return kind in _LEAVES
    # Most containers hold leaves only: one C loop over their types says so.
    if depth >= MAX_DEPTH or _LEAVES.issuperset(map(type, items)):
        return depth < MAX_DEPTH
    for item in items:  # noqa: SIM110 - all() with a generator takes a third longer
        if type(item) not in _LEAVES and not _is_plain(item, depth + 1):
            return False
    return True


def _is_beyond_bmp(data: bytes) -> bool:
    """Tell whether any character needs two UTF-16 code units: the quickest look there is."""
    text = data.decode("utf-8")
    return len(text.encode("utf-16-le")) != 2 * len(text)


def _pieces(value: object, where: str, depth: int) -> Iterable[str]:
    """Yield the canonical text of any value that has one, piece by piece."""
    if value is None:
        yield "null"
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, str):
        yield encode_basestring(value)
    elif isinstance(value, int):
        if not -MAX_INT <= value <= MAX_INT:
            message = f"{where}: {int(value)} is beyond +-(2**53 - 1); write it as text"
            raise ValueError(message)
        yield int.__repr__(value)
    elif type(value) is float:
        yield _number(value, where)
    elif type(value) in {dict, list, tuple}:
        if depth >= MAX_DEPTH:
            message = f"{where[:80]}...: nested deeper than {MAX_DEPTH}, or holds itself"
            raise ValueError(message)
        if isinstance(value, dict):
            yield from _object(value, where, depth)
        else:
            yield from _array(value, where, depth)  # type: ignore[arg-type]
    else:
        message = f"{where}: {type(value).__name__} has no canonical JSON"
        raise ValueError(message)


def _object(members: dict[object, object], where: str, depth: int) -> Iterable[str]:
    keys: list[str] = []
    for key in members:
        if not isinstance(key, str):
            message = f"{where}: key {key!r} is {type(key).__name__}, not text"
            raise ValueError(message)  # noqa: TRY004 - one family of error for every bad value
        keys.append(key)
    comma = "{"
    for key in sorted(keys, key=_code_units):
        yield comma
        yield encode_basestring(key)
        yield ":"
        yield from _pieces(members[key], f"{where}.{key}", depth + 1)
        comma = ","
    yield "}" if keys else "{}"


def _array(items: list[object] | tuple[object, ...], where: str, depth: int) -> Iterable[str]:
    comma = "["
    for index, item in enumerate(items):
        yield comma
        yield from _pieces(item, f"{where}[{index}]", depth + 1)
        comma = ","
    yield "]" if items else "[]"


def _code_units(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")  # a lone surrogate is refused at the end


def _number(value: float, where: str) -> str:
    """Write a float as ECMAScript does: the shortest digits that read back as the same double."""
    if not math.isfinite(value):
        message = f"{where}: {value} is not a number that JSON has"
        raise ValueError(message)
    if value == 0:
        return "0"  # also minus zero
    sign = "-" if value < 0 else ""
    # Python's repr finds the same shortest, closest digits; only the notation differs.
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or "0") - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    return sign + _notation(digits, point)


def _notation(digits: str, point: int) -> str:
    """Place the decimal point after `point` digits of 0.digits, or use an exponent."""
    if len(digits) <= point <= _FIXED_BELOW:
        return digits + "0" * (point - len(digits))
    if 0 < point <= _FIXED_BELOW:
        return f"{digits[:point]}.{digits[point:]}"
    if _FIXED_ABOVE < point <= 0:
        return "0." + "0" * -point + digits
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{tail}e{point - 1:+d}"


def _utf8(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        around = text[max(0, error.start - 20) : error.end + 20]
        message = f"lone surrogate in {around!r}: not Unicode text"
        raise ValueError(message) from error
