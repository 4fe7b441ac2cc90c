"""What quality may do with a discrepancy: routes, reasons, and whose hands are clean."""

from __future__ import annotations

from itertools import product

import pytest

from daytwo.kernel.errors import Refused
from daytwo.record.quality.enums import DeviationClass, Route
from daytwo.record.quality.rules import (
    check_category,
    check_had_no_hand,
    check_rationale,
    check_route,
)


def code(check, *arguments: object) -> str:
    with pytest.raises(Refused) as refused:
        check(*arguments)
    return refused.value.code


@pytest.mark.requirement("R36")
@pytest.mark.parametrize(("route", "severity"), [*product(Route, ["minor", "major"])])
def test_only_a_minor_discrepancy_is_a_mere_comment(route, severity):
    if (route, severity) == (Route.COMMENT, "major"):
        assert code(check_route, route, "", severity) == "quality.route_light"
    elif route == Route.DEVIATION:
        for kind in DeviationClass:
            check_route(route, kind, severity)
    else:
        check_route(route, "", severity)


@pytest.mark.parametrize("route", ["", "Comment", "ignore", "deviation "])
def test_unknown_route_is_refused(route):
    assert code(check_route, route, "minor", "minor") == "quality.route"


@pytest.mark.requirement("R36")
@pytest.mark.parametrize("kind", ["", "harmless", "Minor"])
def test_deviation_needs_a_class(kind):
    assert code(check_route, Route.DEVIATION, kind, "major") == "quality.class"


@pytest.mark.parametrize("text", ["", " ", "\t\n"])
def test_judgement_needs_its_reason_and_cause_its_category(text):
    assert code(check_rationale, text) == "quality.rationale"
    assert code(check_category, text) == "quality.category"


def test_category_is_short_enough_to_be_kept():
    check_category("x" * 60)
    assert code(check_category, "x" * 61) == "quality.category"


@pytest.mark.requirement("R09")
def test_who_had_a_hand_judges_nothing():
    check_had_no_hand("quinn", {"olga", "otto"}, "Classifying")
    assert code(check_had_no_hand, "olga", {"olga"}, "Classifying") == "segregation.not_independent"
