"""Count what pm4py finds in an object-centric log; runs in an environment of its own.

pm4py is AGPL: it is no part of daytwo and of none of its locks. Usage:
`python counts.py LOG [COPY]` prints the counts as JSON, and writes the log again as COPY.
"""

from __future__ import annotations

import json
import sys

import pm4py


def main(path: str, copy: str = "") -> None:
    is_json = path.endswith(".json")
    log = pm4py.read_ocel2_json(path) if is_json else pm4py.read_ocel2_sqlite(path)
    found = {
        "events": len(log.events),
        "objects": len(log.objects),
        "event_types": log.events["ocel:activity"].value_counts().to_dict(),
        "object_types": log.objects["ocel:type"].value_counts().to_dict(),
        "relations": {"event_object": len(log.relations), "object_object": len(log.o2o)},
    }
    if copy:
        (pm4py.write_ocel2_json if is_json else pm4py.write_ocel2_sqlite)(log, copy)
    sys.stdout.write(f"\n{json.dumps(found)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
