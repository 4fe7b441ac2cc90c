"""Canonical JSON against RFC 8785's published vectors, an independent writer, and bad values."""

from __future__ import annotations

import enum
import hashlib
import itertools
import json
import math
import struct
import uuid
from collections import OrderedDict, namedtuple
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from daytwo.kernel import canonical as module
from daytwo.kernel.canonical import MAX_DEPTH, MAX_INT, canonical, digest

# RFC 8785, appendix B.
NUMBERS = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]
NOT_NUMBERS = ["7fffffffffffffff", "7ff0000000000000", "fff0000000000000"]

# The test file which appendix B points to is generated: some fixed doubles, 2000 in a row, then
# doubles out of a SHA-256 chain; only its size and hash are published. Of the fixed ones, these
# thirds of powers of ten carry rounding of their own and must be given.
THIRDS = """
446696695dbd1cc3 443211ede4974a35 43fce97ca0f21056 43c7213080c1a6ac 439280f39a348556
435d9b1f5d20d557 4327af4c4a80aaac 42f2f2a36ecd5556 42be51057e155558 428840d131aaaaac
4253670dc1555557 421f0b4935555557 41e8d5d42aaaaaac 41b3de4355555556 417fca0555555556
41496e6aaaaaaaab 4114585555555555 40e046aaaaaaaaab 40aa0aaaaaaaaaaa 4074d55555555555
4040aaaaaaaaaaab 400aaaaaaaaaaaab 3fd5555555555555 3fa1111111111111 3f6b4e81b4e81b4f
3f35d867c3ece2a5 3f0179ec9cbd821e 3ecbf647612f3696 3e965e9f80f29212 3e61e54c672874db
3e2ca213d840baf8 3df6e80fe033c8c6 3dc2533fe68fd3d2 3d8d51ffd74c861c 3d5774ccac3d3817
3d22c3d6f030f9ac 3cee0624b3818f79 3cb804ea293472c7 3c833721ba905bd3 3c4ebe9c5db3c61e
3c18987d17c304e5 3be3ad30dfcf371d 3baf7b816618582f 3b792f9ab81379bf 3b442615600f9499
3b101e77800c76e1 3ad9ca58cce0be35 3aa4a1e0a3e6fe90 3a708180831f320d 3a3a68cd9e985016
"""
AROUND_ONE = """
bfeffffffffffffa bfeffffffffffffb 3feffffffffffffa 3feffffffffffffb 3feffffffffffffc
3feffffffffffffe bfefffffffffffff bfefffffffffffff 3fefffffffffffff 3fefffffffffffff
3fd3333333333332 3fd3333333333333 3fd3333333333334 0010000000000000 000ffffffffffffd
000fffffffffffff 7fefffffffffffff ffefffffffffffff
"""
PUBLISHED_FILE = (
    10_000,
    399_022,
    "b9f7a8e75ef22a835685a52ccba7f7d6bdc99e34b010992cbc5864cd12be6892",
)


def double(bits):
    return struct.unpack(">d", bytes.fromhex(bits))[0]


def published_sequence():
    """Yield the doubles of the test file, as its description words them."""
    yield from (0.0, -0.0, 5e-324, -5e-324)
    yield from (-double(bits) for bits in THIRDS.split())
    yield from map(double, THIRDS.split())
    yield 10.0
    yield from (float(f"5e-{zeros}") for zeros in range(10))
    yield from (float(f"5.{'0' * zeros}6e-6") for zeros in range(1, 15))
    yield from (5e-6, 1.0, -1.0)
    yield from map(double, AROUND_ONE.split())
    yield from (double(bits) for bits, _ in NUMBERS[6:9])
    yield from (double(bits) for bits, _ in NUMBERS[9:])
    yield from (double(f"{0x0010000000000000 + index:016x}") for index in range(2000))
    block = bytes(32)
    while True:
        block = hashlib.sha256(block).digest()
        values = struct.unpack("<4d", block)
        yield from (value for value in values if value and math.isfinite(value))


texts = st.text(st.characters(exclude_categories=["Cs"]))
integers = st.integers(-MAX_INT, MAX_INT)
floats = st.floats(allow_nan=False, allow_infinity=False)


def trees(leaves):
    def wider(inner):
        return st.lists(inner) | st.dictionaries(texts, inner) | st.tuples(inner, inner)

    return st.recursive(leaves, wider, max_leaves=25)


plain_trees = trees(st.none() | st.booleans() | integers | texts)
all_trees = trees(st.none() | st.booleans() | integers | floats | texts)


@pytest.mark.requirement("R12")
@pytest.mark.parametrize(("bits", "text"), NUMBERS)
def test_float_is_written_as_published(bits, text):
    assert canonical(double(bits)) == text.encode()


@pytest.mark.parametrize("bits", NOT_NUMBERS)
def test_float_that_is_no_number_is_refused(bits):
    with pytest.raises(ValueError, match=r"\$\.a\[1\]: .* is not a number that JSON has"):
        canonical({"a": [0, double(bits)]})


@pytest.mark.requirement("R12")
def test_floats_of_the_published_file_are_written_as_in_it():
    lines, size, sha256 = PUBLISHED_FILE
    text = "".join(
        f"{int.from_bytes(struct.pack('>d', value), 'big'):x},{canonical(value).decode()}\n"
        for value in itertools.islice(published_sequence(), lines)
    )
    assert len(text) == size
    assert hashlib.sha256(text.encode()).hexdigest() == sha256


def test_example_of_primitive_types_is_written_as_published():
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    expected = (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    assert canonical(value) == expected.encode()


def test_example_of_sorting_is_written_as_published():
    value = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    expected = [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]
    assert list(json.loads(canonical(value)).values()) == expected


def test_example_without_normalisation_is_written_as_published():
    assert canonical({"Unnormalized Unicode": "A\u030a"}) == (
        '{"Unnormalized Unicode":"A\u030a"}'.encode()
    )


def test_example_of_structures_is_written_as_published():
    value = {
        "1": {"f": {"f": "hi", "F": 5}, "\n": 56.0},
        "10": {},
        "": "empty",
        "a": {},
        "111": [{"e": "yes", "E": "no"}],
        "A": {},
    }
    assert canonical(value) == (
        b'{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],'
        b'"A":{},"a":{}}'
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (MAX_INT, "9007199254740991"),
        (-MAX_INT, "-9007199254740991"),
        ("", '""'),
        ({}, "{}"),
        ([], "[]"),
        ((), "[]"),
        ((1, "a"), '[1,"a"]'),
        ([1.0, {}, []], "[1,{},[]]"),
        ({"b": 1, "a": 2}, '{"a":2,"b":1}'),
        ("\u2028\u2029/<>&'", '"\u2028\u2029/<>&\'"'),
        ("\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), '"\U0001f600"'),
    ],
)
def test_value_is_written_without_space_and_in_order(value, text):
    assert canonical(value) == text.encode()


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.5e300, "1.5e+300"),
        (-2.5e-7, "-2.5e-7"),
        (1e-7, "1e-7"),
        (1.25e-6, "0.00000125"),
        (0.1, "0.1"),
        (0.25, "0.25"),
        (1.5, "1.5"),
        (10.0, "10"),
        (12.5, "12.5"),
        (1.5e20, "150000000000000000000"),
        (1.5e21, "1.5e+21"),
        (1.5e16, "15000000000000000"),
        (123456789012345680.0, "123456789012345680"),
    ],
)
def test_float_is_written_as_the_algorithm_says(number, text):
    assert canonical(number) == text.encode()


@pytest.mark.parametrize("way", ["quick", "slow"])
def test_control_characters_are_escaped_as_the_standard_says(way):
    short = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
    for code in range(0xA0):
        sign = chr(code)
        expected = short.get(sign, f"\\u{code:04x}") if code < 0x20 else sign
        expected = {'"': '\\"', "\\": "\\\\"}.get(sign, expected)
        value = [sign] if way == "quick" else [sign, 0.5]
        tail = "" if way == "quick" else ",0.5"
        assert canonical(value) == f'["{expected}"{tail}]'.encode()


@given(all_trees)
def test_canonical_equals_an_independent_writer(value):
    assert canonical(value) == rfc8785.dumps(value)


@given(floats)
def test_float_equals_an_independent_writer(value):
    assert canonical(value) == rfc8785.dumps(value)


@given(plain_trees)
def test_quick_and_slow_way_agree(value):
    assert canonical(value) == "".join(module._pieces(value, "$", 0)).encode()


@given(all_trees)
def test_canonical_reads_back_equal(value):
    def lists(node):
        if isinstance(node, dict):
            return {key: lists(inner) for key, inner in node.items()}
        return [lists(inner) for inner in node] if isinstance(node, list | tuple) else node

    assert json.loads(canonical(value), parse_int=float) == lists(value)


@given(st.dictionaries(texts, integers))
def test_order_of_making_does_not_show(value):
    backwards = dict(reversed(list(value.items())))
    assert canonical(value) == canonical(backwards)
    assert digest(value) == digest(backwards)


@given(all_trees)
def test_digest_is_the_hash_of_the_canonical_bytes(value):
    assert digest(value) == hashlib.sha256(canonical(value)).hexdigest()


def test_plain_value_goes_the_quick_way(monkeypatch):
    def never(*_):
        raise AssertionError

    monkeypatch.setattr(module, "_pieces", never)
    value = {"step": "mix", "attempt": 1, "late": False, "note": "3 N·m – fine", "lots": ["a", {}]}
    expected = '{"attempt":1,"late":false,"lots":["a",{}],"note":"3 N·m – fine","step":"mix"}'
    assert canonical(value) == expected.encode()
    with pytest.raises(AssertionError):
        canonical({"step": 1.5})


class Colour(enum.Enum):
    RED = 1


class Meaning(enum.StrEnum):
    REVIEWED = "reviewed"


class Level(enum.IntEnum):
    HIGH = 3


class Bit(enum.IntFlag):
    SECOND = 2


@dataclass
class Point:
    x: int = 1


class Text(str):
    __slots__ = ()


Pair = namedtuple("Pair", "a b")  # noqa: PYI024 - the untyped sort is a tuple all the same


@pytest.mark.parametrize("beside", [0, 0.5])
def test_text_and_integer_enums_count_as_their_value(beside):
    value = {Meaning.REVIEWED: [Meaning.REVIEWED, Level.HIGH, Bit.SECOND, Text("x"), beside]}
    assert canonical(value) == f'{{"reviewed":["reviewed",3,2,"x",{beside}]}}'.encode()


@pytest.mark.parametrize(
    "bad",
    [
        b"bytes",
        {1, 2},
        Decimal("1.5"),
        datetime(2026, 11, 23, tzinfo=UTC),
        uuid.UUID(int=7),
        Colour.RED,
        Point(),
        Pair(1, 2),
        OrderedDict(a=1),
        1j,
        object(),
        Ellipsis,
        range(3),
        iter([]),
        memoryview(b"x"),
        len,
    ],
    ids=lambda bad: type(bad).__name__,
)
@pytest.mark.parametrize("beside", [0, 0.5])
def test_other_types_are_refused(bad, beside):
    for value in (bad, [beside, bad], {"a": beside, "b": bad}, {"a": {"b": [bad]}, "c": beside}):
        with pytest.raises(ValueError, match="has no canonical JSON"):
            canonical(value)


def test_float_of_another_type_is_refused():
    numpy = pytest.importorskip("numpy")
    for bad in (numpy.float64(1.5), numpy.int64(1), numpy.bool_(1), numpy.array([1])):
        with pytest.raises(ValueError, match="has no canonical JSON"):
            canonical([bad])


@pytest.mark.parametrize("beside", [0, 0.5])
@pytest.mark.parametrize("key", [1, True, None, 1.5, ("a",), b"a", Colour.RED, uuid.UUID(int=7)])
def test_keys_other_than_text_are_refused(key, beside):
    for value in ({key: beside}, [{"a": beside, "b": {"c": 1, key: 2}}]):
        with pytest.raises(ValueError, match="not text"):
            canonical(value)


@pytest.mark.parametrize("number", [2**53, -(2**53), 2**64, -(2**70), 10**400])
@pytest.mark.parametrize("beside", [0, 0.5])
def test_integers_that_a_reader_may_round_are_refused(number, beside):
    for value in (number, [beside, number], {"a": beside, "b": {"c": number}}):
        with pytest.raises(ValueError, match="write it as text"):
            canonical(value)


@pytest.mark.parametrize("text", ["\ud800", "\udfff!", "a\udc00b", "\ude00\ud83d"])
@pytest.mark.parametrize("beside", ["", "é", "\U0001f600", 0.5])
def test_lone_surrogates_are_refused(text, beside):
    for value in ([text, beside], {text: beside}, {"a": {"b": [text]}, "c": beside}):
        with pytest.raises(ValueError, match="lone surrogate"):
            canonical(value)


def nested(depth, leaf, wrap):
    for _ in range(depth):
        leaf = wrap(leaf)
    return leaf


@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: {"a": inner}])
@pytest.mark.parametrize("leaf", ["x", 1, 0.5, []])
def test_nesting_is_bounded_alike_on_both_ways(wrap, leaf):
    assert MAX_DEPTH == 200  # a part of the format: what one release takes, every later one must
    depth = MAX_DEPTH - (leaf == [])
    assert len(canonical(nested(depth, leaf, wrap))) > MAX_DEPTH
    with pytest.raises(ValueError, match="nested deeper"):
        canonical(nested(depth + 1, leaf, wrap))


@pytest.mark.parametrize("beside", [0, 0.5])
def test_a_value_that_holds_itself_is_refused(beside):
    array = [beside]
    array.append(array)
    members = {"a": beside}
    members["b"] = [members]
    for value in (array, members):
        with pytest.raises(ValueError, match="holds itself"):
            canonical(value)


def test_refusal_says_where():
    with pytest.raises(ValueError, match=r"\$\.steps\[1\]\.value: Decimal has no canonical JSON"):
        canonical({"steps": [{}, {"value": Decimal(1)}]})
