"""Who asks with a program's token."""

from __future__ import annotations

import pytest

from daytwo.kernel.ids import new_id
from daytwo.record.access import account
from daytwo.record.access.bearer import bearer
from daytwo.record.access.errors import NotSignedIn
from daytwo.record.access.queries import person, tokens


@pytest.mark.requirement("R21")
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_token_is_its_person_as_the_record_knows_them(site, olga, scheme):
    secret = account.make_token(olga.by, "lims", 3, command_id=new_id())
    by = bearer(f"{scheme} {secret}", "api")
    (token,) = tokens("olga")
    assert (by.person_id, by.session_id, by.channel) == ("olga", f"token:{token.id}", "api")
    assert by.known == person("olga")


@pytest.mark.requirement("R21")
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer dt_wrong", "Basic {}", "{}"])
def test_what_is_no_token_is_nobody(site, olga, header):
    secret = account.make_token(olga.by, "lims", 3, command_id=new_id())
    with pytest.raises(NotSignedIn):
        bearer(header.format(secret), "api")
