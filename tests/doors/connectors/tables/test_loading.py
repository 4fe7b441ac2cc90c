"""A mapping file is judged as a whole, and its problems are told all at once with their lines."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from daytwo.doors.connectors.tables.loading import load_mapping, schema
from daytwo.kernel.errors import ConnectorError
from tests.doors.connectors.sample import MAPPING, changed, plant

if TYPE_CHECKING:
    from collections.abc import Iterator


def problems(folder: Path, text: str) -> list[dict[str, object]]:
    path = folder / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConnectorError) as refused:
        load_mapping(path)
    assert refused.value.code == "import.mapping"
    assert refused.value.permanent
    assert "Nothing was written" in str(refused.value)
    found = refused.value.info["problems"]
    assert isinstance(found, list)
    return found


def test_mapping_is_loaded(tmp_path: Path) -> None:
    mapping = load_mapping(plant(tmp_path) / "mapping.yaml")
    assert (mapping.id, mapping.version, mapping.system) == ("sample", 3, "old-mes")
    assert mapping.looked_up == {"products"}
    batches = mapping.files[1]
    assert batches.columns["batch"].required
    assert batches.columns["assay"].headers == ("asay", "assay")
    assert not batches.columns["water"].required
    assert [spec.kind for spec in batches.records] == [
        "batch",
        "lot",
        "consumption",
        "results",
        "results",
    ]


def test_schema_is_valid_and_describes_every_field() -> None:
    Draft202012Validator.check_schema(schema())

    def undescribed(node: object, path: str) -> Iterator[str]:
        if isinstance(node, dict):
            for name, entry in node.get("properties", {}).items():
                if not {"description", "$ref", "const"} & entry.keys():
                    yield f"{path}.{name}"
            for name, entry in node.items():
                yield from undescribed(entry, f"{path}.{name}")

    silent = [path for path in undescribed(schema(), "") if ".allOf" not in path]
    assert silent == []


def test_every_problem_is_told_with_its_line(tmp_path: Path) -> None:
    text = MAPPING.replace("version: 3", "version: three").replace(
        '    decimal: ","\n    key: [product]', '    decimel: ","\n    key: [product]'
    )
    found = problems(tmp_path, text)
    said = {entry["where"]: entry["what"] for entry in found}
    assert "did you mean 'decimal'" in str(said["files.0.decimel"])
    assert "not of type 'integer'" in str(said["version"])
    lines = {entry["where"]: entry["line"] for entry in found}
    assert lines["version"] == 4
    assert lines["files.0.decimel"] == text[: text.index("decimel")].count("\n") + 1


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), "daytwo/tables/9"),
        (("site",), None),
        (("files",), []),
        (("files", 0, "encoding"), "utf8"),
        (("files", 0, "delimiter"), ";;"),
        (("files", 0, "delimiter"), None),
        (("files", 0, "encoding"), None),
        (("files", 0, "decimal"), None),
        (("files", 0, "format"), "word"),
        (("files", 1, "columns", "begun", "type"), "datum"),
        (("files", 1, "columns", "Upper"), {}),
        (("files", 1, "records", 0, "make"), "deviation"),
        (("files", 1, "records", 0, "started"), None),
        (("files", 1, "records", 0, "extra"), "x"),
        (("files", 1, "checks", 0, "on_failure"), "ignore"),
        (("files", 1, "checks", 0), {"on_failure": "warn"}),
        (("values", "months", "jan"), 1),
    ],
)
def test_what_does_not_fit_the_schema_is_refused(
    tmp_path: Path, path: tuple[str | int, ...], value: object
) -> None:
    assert problems(tmp_path, changed(*path, to=value))


@pytest.mark.parametrize("text", ["", "null", "[]", "a", "format: daytwo/tables/1"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text)


@given(st.data())
def test_no_damage_to_a_mapping_raises_anything_but_problems(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    text = MAPPING
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        until = data.draw(st.integers(at, min(len(text), at + 8)))
        new = data.draw(st.text(alphabet="ab {}[]:,-\"'\n#.&*!0", max_size=4))
        text = text[:at] + new + text[until:]
    path = tmp_path_factory.mktemp("damage") / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        load_mapping(path)
    except ConnectorError as error:
        assert error.info["problems"]  # noqa: PT017 - either is right


DOCS = Path(__file__).parents[4] / "docs" / "import.md"


def test_documented_mapping_is_a_mapping(tmp_path: Path) -> None:
    [text] = re.findall(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "north.yaml"
    path.write_text(text, encoding="utf-8")
    assert [table.name for table in load_mapping(path).files] == ["products", "batches"]


def test_documentation_names_every_field() -> None:
    def fields(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            properties = node.get("properties")
            yield from properties if isinstance(properties, dict) else ()
            for entry in node.values():
                yield from fields(entry)

    words = set(re.findall(r"[a-z_]+", DOCS.read_text(encoding="utf-8")))
    assert set(fields(schema())) - words == set()


SHIPPED = sorted(
    (Path(__file__).parents[4] / "src" / "daytwo" / "examples" / "mappings").glob("*.yaml")
)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_mapping_makes_sense_and_is_named_as_its_file(path: Path) -> None:
    assert load_mapping(path).id == path.stem
