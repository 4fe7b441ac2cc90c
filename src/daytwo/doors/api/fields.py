"""Request bodies made from the commands' own arguments, so that the two cannot part."""

from __future__ import annotations

import inspect
import re
import types
import typing
from datetime import UTC, datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    create_model,
)

from daytwo.doors.api.failures import DoorRefused
from daytwo.kernel.errors import Fault, Refused
from daytwo.kernel.quantity import Quantity

if typing.TYPE_CHECKING:
    from daytwo.record.access.authority import Command

TEXT_MOST = 4000
"""Characters of a text where the record sets no narrower bound."""
LENGTHS = {
    "category": 60,
    "equipment_class": 100,
    "material_code": 100,
    "role": 30,
    "yaml": 1_048_576,
}
"""Narrower or wider bounds, by argument: what the record's columns and documents take."""
ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}$"
"""How an id is written, as the record's own door asks it."""
COMMAND_ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._:-]{7,99}$"
_COMMAND_ID = re.compile(COMMAND_ID_PATTERN[1:-1])
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)")
_FORBID = ConfigDict(extra="forbid")


class Amount(BaseModel):
    """An amount as exact text with its unit, such as 2.50 kg."""

    model_config = _FORBID
    value: Annotated[StrictStr, Field(pattern=r"^-?[0-9]{1,18}(\.[0-9]{1,12})?$")]
    unit: Annotated[StrictStr, Field(max_length=20, description="A unit's code, such as kg.")]


Code = Annotated[StrictStr, Field(max_length=20, pattern=r"^[ -~]*$")]
"""A second factor's code: plain signs; others cannot be compared in constant time."""


class SigningPart(BaseModel):
    """The answer to a statement: its challenge, and both components of the signature."""

    model_config = _FORBID
    challenge: Annotated[StrictStr, Field(max_length=8000)]
    password: Annotated[StrictStr, Field(max_length=1024)]
    totp: Code = ""


class Arguments(BaseModel):
    """What a command takes; nothing else is taken, least of all a time or a name of a person."""

    model_config = _FORBID

    def arguments(self) -> dict[str, Any]:
        """Return the command's own arguments, as the record takes them."""
        names = type(self).model_fields.keys() - {"command_id", "signing"}
        return {name: getattr(self, name) for name in names}


def _text_only(value: object) -> object:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        message = "write a moment with its zone, such as 2026-11-23T14:05:00Z"
        raise ValueError(message)
    return value


def _universal(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        message = "outside the years 0001 to 9999"
        raise ValueError(message) from None


def _quantity(amount: Amount) -> Quantity:
    try:
        return Quantity.from_json(amount.model_dump())
    except Refused as refused:
        raise ValueError(refused.detail) from None


Moment = Annotated[AwareDatetime, BeforeValidator(_text_only), AfterValidator(_universal)]
Exact = Annotated[Amount, AfterValidator(_quantity)]
Id = Annotated[StrictStr, Field(pattern=ID_PATTERN)]
Whole = Annotated[StrictInt, Field(ge=0, le=2_147_483_647)]
Entry = Annotated[
    dict[
        Annotated[StrictStr, Field(min_length=1, max_length=60)],
        Annotated[StrictStr, Field(max_length=TEXT_MOST)],
    ],
    Field(max_length=100),
]
CommandId = Annotated[
    StrictStr,
    Field(
        pattern=COMMAND_ID_PATTERN,
        description="Made by the sender; the same one twice is one act. Or as Idempotency-Key.",
    ),
]
_TYPES: dict[Any, Any] = {
    bool: StrictBool,
    int: Whole,
    datetime: Moment,
    Quantity: Exact,
    dict[str, str]: Entry,
}
_NAMES = {"Quantity": Quantity, "datetime": datetime}
"""What commands import for their annotations only."""


def body_of(command: Command) -> type[Arguments]:
    """Return the body that performs a command: its arguments, command id, signature if any."""
    fields: dict[str, Any] = {"command_id": (CommandId | None, None)}
    if command.signed:
        fields["signing"] = (SigningPart | None, None)
    return _model(command, _pascal(command.function.__name__), fields)


def statement_body_of(command: Command) -> type[Arguments]:
    """Return the body that asks what a command would have signed: its arguments alone."""
    return _model(command, f"{_pascal(command.function.__name__)}Statement", {})


def command_id(in_body: str | None, in_header: str | None) -> str:
    """Return the sender's command id, from the body or the header `Idempotency-Key`.

    Raises:
        DoorRefused: There is none, it is of another form, or the two differ.
    """
    given = {name for name in (in_body, in_header) if name is not None}
    if len(given) == 1 and _COMMAND_ID.fullmatch(found := given.pop()):
        return found
    detail = _(
        "Send one command id of 8 to 100 plain characters, as command_id or as the header"
        " Idempotency-Key; the same one twice is one act. Nothing was changed."
    )
    problem = {"field": "command_id", "problem": "missing, of another form, or two different ones"}
    raise DoorRefused(422, "command_id", detail, {"fields": [problem], "more": 0})


def _model(command: Command, name: str, more: dict[str, Any]) -> type[Arguments]:
    fields: dict[str, Any] = {
        parameter.name: _field(command, parameter)
        for parameter in inspect.signature(command.function).parameters.values()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }
    made: type[Arguments] = create_model(name, __base__=Arguments, **(fields | more))
    return made


def _field(command: Command, parameter: inspect.Parameter) -> tuple[Any, Any]:
    hint = _hints(command)[parameter.name]
    parts = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    (bare,) = (part for part in parts if part is not types.NoneType)
    optional = types.NoneType in parts
    default: Any = parameter.default
    if default is inspect.Parameter.empty:
        default = None if optional else ...
    taken = _taken(command, parameter.name, bare)
    return (taken | None if optional else taken, default)


def _taken(command: Command, name: str, hint: Any) -> Any:
    if hint is str:
        if name.endswith("_id"):
            return Id
        return Annotated[StrictStr, Field(max_length=LENGTHS.get(name, TEXT_MOST))]
    if hint not in _TYPES:
        raise Fault("api.type", f"{command.name}: no form is known for {name}: {hint}.")
    return _TYPES[hint]


def _hints(command: Command) -> dict[str, Any]:
    try:
        return typing.get_type_hints(command.function, localns=_NAMES)
    except NameError as unknown:
        raise Fault("api.type", f"{command.name}: {unknown}; name the type here.") from unknown


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))
