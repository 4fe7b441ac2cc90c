from __future__ import annotations

from bench.figures import as_json, at_least, at_most, context, not_built, rate_beside, table


def test_rate_beside_another_is_judged_by_its_ratio() -> None:
    met = rate_beside("g", "w", 400.0, "/s", beside_what="/s raw", beside=1000.0, least=1 / 3)
    missed = rate_beside("g", "w", 300.0, "/s", beside_what="/s raw", beside=1000.0, least=1 / 3)
    assert (met.ratio, met.met) == (0.4, True)
    assert (missed.ratio, missed.met) == (0.3, False)


def test_bounds_hold_at_the_bound() -> None:
    assert at_most("g", "w", 3.0, "ms", 3).met
    assert not at_most("g", "w", 3.1, "ms", 3).met
    assert at_least("g", "w", 500.0, "/s", 500).met
    assert not at_least("g", "w", 499.0, "/s", 500).met


def test_table_shows_a_missed_budget_and_its_group_once() -> None:
    figures = [
        at_most("step", "p99", 4.0, "ms", 3),
        at_most("step", "p50", 1.0, "ms", 3),
        not_built("a page"),
    ]
    text = table(figures)
    assert text.count("STEP") == 1
    assert "NO" in next(line for line in text.splitlines() if "p99" in line)
    assert "yes" in next(line for line in text.splitlines() if "p50" in line)
    assert "NOT YET BUILT" in text


def test_json_keeps_four_digits_and_says_nothing_it_does_not_know() -> None:
    (line,) = as_json([context("g", "w", 1234.5678, "/s")])
    assert line["value"] == 1235.0
    assert (line["budget"], line["met"], line["beside"]) == ("", None, None)
