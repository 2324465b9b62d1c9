from datetime import timedelta
from pathlib import Path

import pytest
from relations import HOUR, NOON

from churnwatch.core.errors import StoreError
from churnwatch.store import ApiKey, Store


def test_a_key_opens_what_it_was_made_for(store: Store) -> None:
    plaintext = store.access.create_key("crm", ["read", "write"], NOON)
    mark, prefix, secret = plaintext.split("_", 2)
    assert (mark, len(secret) >= 43) == ("cw", True)
    assert store.access.verify(plaintext, NOON + HOUR) == ApiKey(prefix, "crm", ("read", "write"), NOON, None, False)


@pytest.mark.parametrize("wrong", ["", "cw", "cw_", "cw__", "cw_\0_x", "cw_нет_нет", "\udcff_\udcff_\udcff"])
def test_what_is_no_key_is_nobody(store: Store, wrong: str) -> None:
    store.access.create_key("crm", ["read"], NOON)
    assert store.access.verify(wrong, NOON) is None


def test_a_key_that_is_nearly_right_is_nobody(store: Store) -> None:
    plaintext = store.access.create_key("crm", ["read"], NOON)
    other = store.access.create_key("other", ["read"], NOON)
    prefix, secret = plaintext.split("_", 2)[1], other.split("_", 2)[2]
    for near in (
        plaintext[:-1],
        plaintext + "A",
        plaintext.replace("cw_", "xx_", 1),
        f"cw_{prefix}_{secret}",
        f"cw_{prefix}_",
    ):
        assert store.access.verify(near, NOON) is None
    kept = store.access.keys()
    assert [key.last_used for key in kept] == [None, None]


def test_a_revoked_key_is_nobody_for_good(store: Store) -> None:
    plaintext = store.access.create_key("crm", ["read"], NOON)
    (key,) = store.access.keys()
    store.access.revoke(key.prefix)
    assert store.access.verify(plaintext, NOON) is None
    (revoked,) = store.access.keys()
    assert revoked.revoked
    with pytest.raises(StoreError, match="no API key"):
        store.access.revoke("nothing")


def test_use_is_noted_to_five_minutes(store: Store) -> None:
    plaintext = store.access.create_key("crm", ["read"], NOON)
    used = []
    for minutes in (0, 4, 6):
        assert store.access.verify(plaintext, NOON + timedelta(minutes=minutes)) is not None
        used.append(store.access.keys()[0].last_used)
    assert used == [NOON, NOON, NOON + timedelta(minutes=6)]


def test_the_secret_is_nowhere_in_the_file(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/churnwatch.db") as store:
        plaintext = store.access.create_key("crm", ["read"], NOON)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert plaintext.split("_", 2)[1].encode() in kept
    assert plaintext.split("_", 2)[2].encode() not in kept
