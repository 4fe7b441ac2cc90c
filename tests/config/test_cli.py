"""The command line is put together from the verbs of the doors."""

from __future__ import annotations

from click.testing import CliRunner

from daytwo.config.cli import main

VERBS = ("checkpoint", "demo", "export", "import", "init", "kpi", "rebuild", "serve", "verify")


def test_help_lists_every_verb() -> None:
    text = CliRunner().invoke(main, ["--help"]).output
    assert all(f"  {verb} " in text for verb in VERBS)


def test_unknown_verb_is_refused() -> None:
    found = CliRunner().invoke(main, ["nonsense"])
    assert found.exit_code == 2
    assert "nonsense" in found.output


def test_every_verb_takes_data_and_json() -> None:
    for verb in VERBS:
        arguments = ["kpi", "show", "--help"] if verb == "kpi" else [verb, "--help"]
        text = CliRunner().invoke(main, arguments).output
        assert "--data" in text, verb
        assert "--json" in text, verb
