"""Who takes part: known people in the groups that events name."""

import numpy as np

from churnwatch.core.groups import NOBODY_SEEN, Groups
from churnwatch.core.roster import Rank, Roster

CLIENTS = ("acme", "bee")
ROSTER = Roster(ranks={"ceo": Rank.EXECUTIVE, "law": Rank.LEGAL}, deciders={"ceo": "acme"})
# Rows: acme with its decision-maker, acme without, bee (nobody known as one), a message of acme, nobody named.
GROUPS = Groups(np.array([0, 1, 1, 0, -1], dtype=np.int32), ("ann;ceo", "ann;law"))
CLIENT = np.array([0, 0, 1, 0, 0], dtype=np.int32)
MEETING = np.array([True, True, True, False, True])


def test_a_decision_maker_is_there_or_not_only_in_meetings_of_clients_that_have_one() -> None:
    assert GROUPS.deciding(ROSTER, MEETING, CLIENT, CLIENTS).tolist() == [1, 0, -1, -1, -1]


def test_a_firm_without_clients_has_no_meetings_to_decide() -> None:
    none = np.empty(0, dtype=np.int32)
    assert Groups(none, ()).deciding(ROSTER, none.astype(np.bool_), none, ()).tolist() == []


def test_people_of_rank_are_seen_in_each_event_and_those_who_never_wrote_get_codes_of_their_own() -> None:
    seen = GROUPS.seen(ROSTER, contacts=("ann", "ceo"))
    assert seen.others == ("law",)
    assert list(zip(seen.row.tolist(), seen.contact.tolist(), seen.rank.tolist(), strict=True)) == [
        (0, 1, Rank.EXECUTIVE),
        (1, 2, Rank.LEGAL),
        (2, 2, Rank.LEGAL),
        (3, 1, Rank.EXECUTIVE),
    ]


def test_groups_of_people_without_rank_show_nobody() -> None:
    assert GROUPS.seen(Roster(), contacts=("ann",)) is NOBODY_SEEN
