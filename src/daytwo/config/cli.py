"""The command line: `daytwo`, put together from the verbs of the doors."""

from __future__ import annotations

import importlib
import os
import pkgutil

import click

from daytwo.doors.jobs import verbs
from daytwo.kernel.errors import DaytwoError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daytwo.config.settings")
_ELSEWHERE = {
    "b2mml": "daytwo.doors.connectors.b2mml.verb",
    "import": "daytwo.doors.connectors.verb",
    "ocel": "daytwo.doors.connectors.ocel.verb",
    "simulate": "daytwo.doors.simulator.verb",
}
"""Verbs that live in another door than `jobs`."""
_BELOW = {"kpi": {"pack": "daytwo.doors.web.leadership.verb"}}
"""Likewise verbs below a verb: those of another door than the verb itself."""


class _Verbs(click.Group):
    """Each verb is one file with a `verb`; loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's form
        """Return the names of all verbs."""
        return sorted(self._modules())

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """Return one verb, or None."""
        module = self._modules().get(name)
        if module is None:
            return None
        found: click.Command = importlib.import_module(module).verb
        if isinstance(found, click.Group):
            for below, where in _BELOW.get(name, {}).items():
                found.add_command(importlib.import_module(where).verb, below)
        return found

    def _modules(self) -> dict[str, str]:
        found = {
            m.name.rpartition(".")[2].removesuffix("_"): m.name
            for m in pkgutil.iter_modules(verbs.__path__, f"{verbs.__name__}.")
        }
        return found | _ELSEWHERE

    def invoke(self, ctx: click.Context) -> object:
        """Run a verb; an expected error is a sentence and exit 1, never a traceback."""
        try:
            return super().invoke(ctx)
        except DaytwoError as error:
            raise click.ClickException(f"{error.detail} [{error.code}]") from error


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="daytwo")
def main() -> None:
    """Run daytwo, the MES that goes on getting better after go-live."""


if __name__ == "__main__":
    main()
