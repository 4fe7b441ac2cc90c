"""`python -m bench.decay`: the rule of decay against the truth of many simulated plants."""

from __future__ import annotations

import argparse
import sys

from bench.decay.plants import Planted, plant
from bench.decay.rules import RULES, months
from bench.decay.score import Seen, table

CHOSEN_ON = "1001-1024"
"""Seeds on which the rule was chosen."""
HELD_OUT = "2001-2024"
"""Seeds that nobody looked at before the rule stood."""


def main() -> int:
    arguments = _arguments()
    first, _, last = arguments.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    rules = ("former", "present") if arguments.former else ("present",)
    seen: dict[str, list[Seen]] = {name: [] for name in rules}
    for seed in seeds:
        print(f"seed {seed} ...", file=sys.stderr, flush=True)
        for planted in Planted:
            made = plant(seed, arguments.years, planted)
            site, starts = months(made.facts)
            began_us = min(max(made.began_us, starts[0]), starts[-1])
            for name in rules:
                looks = RULES[name](made.facts, site, starts)
                seen[name].append(Seen(planted, starts, began_us, looks))
    print("\n\n".join(table(name, found) for name, found in seen.items()))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.decay", description=__doc__)
    parser.add_argument("--seeds", default=HELD_OUT, help=f"chosen on {CHOSEN_ON}")
    parser.add_argument("--years", type=float, default=2.0, help="of each plant")
    parser.add_argument("--former", action="store_true", help="beside the rule before; half slower")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
