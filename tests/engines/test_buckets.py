from collections import Counter

import pyarrow as pa

from churnwatch.engines.buckets import BUCKET_EVENTS, Plan, bucket_size, plan

CLIENTS = pa.chunked_array([[f"client-{number}" for number in range(2000)]])


def test_a_client_has_the_same_bucket_on_every_machine_and_in_every_year() -> None:
    ids = pa.chunked_array([["acme", "Чайная миля", "42"], ["acme"]])
    assert Plan((), 1000).bucket_of(ids).to_pylist() == [814, 373, 288, 814]


def test_clients_spread_evenly_over_the_shared_buckets() -> None:
    sizes = Counter(Plan((), 8).bucket_of(CLIENTS).to_pylist())
    assert len(sizes) == 8
    assert max(sizes.values()) < 1.3 * 2000 / 8


def test_a_client_larger_than_a_bucket_has_one_of_its_own_and_the_largest_comes_first() -> None:
    planned = plan(1_000_000, {"client-7": 300_000, "client-3": 400_000}, BUCKET_EVENTS)
    assert planned == Plan(("client-3", "client-7"), shared=2)
    buckets = planned.bucket_of(CLIENTS).to_pylist()
    assert [client for client, bucket in enumerate(buckets) if bucket == 0] == [3]
    assert [client for client, bucket in enumerate(buckets) if bucket == 1] == [7]
    assert set(buckets) == {0, 1, 2, 3}


def test_a_row_without_a_client_goes_to_the_first_bucket() -> None:
    assert Plan((), 5).bucket_of(pa.chunked_array([[None, None]], pa.string())).to_pylist() == [0, 0]
    assert Plan((), 5).bucket_of(pa.chunked_array([[]], pa.string())).to_pylist() == []


def test_there_are_as_many_buckets_as_the_events_need_or_as_asked_for() -> None:
    assert plan(1_000_000, {}, bucket_size(1_000_000, None)).buckets == 4
    assert plan(1_000_000, {}, bucket_size(1_000_000, 10)).buckets == 10
    assert plan(0, {}, bucket_size(0, None)).buckets == 1
