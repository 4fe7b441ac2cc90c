"""Names of records inside addresses: any name a record can have, in signs an address can carry."""

from __future__ import annotations

import re

from django.urls import register_converter

_PLAIN = re.compile(rb"[A-Za-z0-9_:@-]")
_ESCAPED = re.compile(r"~([0-9A-F]{2})")


class Key:
    """Path converter `<key:name>`: `B-1/2` travels as `B-1~2F2`; any text comes back as it was."""

    regex = r"[^/]+"

    def to_python(self, value: str) -> str:
        """Return the name that the address stands for.

        Raises:
            ValueError: No name is written so; there is nothing at the address.
        """
        raw = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
        if "\0" in raw:  # no record is named so, and PostgreSQL cannot even be asked
            message = "a name holds no zero byte"
            raise ValueError(message)
        try:
            return raw.encode("latin-1").decode("utf-8")
        except UnicodeEncodeError:
            return raw

    def to_url(self, value: str) -> str:
        """Return the name in letters, digits and a few signs; the rest escaped."""
        encoded = b"".join(
            sign if _PLAIN.fullmatch(sign) else b"~%02X" % sign[0]
            for sign in (bytes([n]) for n in str(value).encode())
        )
        return encoded.decode("ascii")


register_converter(Key, "key")
