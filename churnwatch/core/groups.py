"""Which of the firm's known people take part in what: the groups of participants that events name, against the roster."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from churnwatch.core.interchange import PEOPLE_SEPARATOR
from churnwatch.core.roster import Roster

_UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Seen:
    """Contacts of rank who took part: the row of the event, the contact's code and rank."""

    row: NDArray[np.intp]
    contact: NDArray[np.int32]
    rank: NDArray[np.int8]
    others: tuple[str, ...] = ()  # those among them who never wrote; their codes follow those of the known


NOBODY_SEEN = Seen(np.empty(0, np.intp), np.empty(0, np.int32), np.empty(0, np.int8))


@dataclass(frozen=True, slots=True)
class Groups:
    """The code of each event's group, -1 for none, and the groups: contacts' ids joined as the format joins them."""

    codes: NDArray[np.int32]
    names: tuple[str, ...]

    def deciding(
        self, roster: Roster, meeting: NDArray[np.bool_], client: NDArray[np.int32], clients: tuple[str, ...]
    ) -> NDArray[np.int8]:
        """1 for a meeting with a decision-maker in it, 0 without, -1 where nobody is known as one, and for what is no meeting."""
        has_decider = np.isin(np.array(clients, dtype=object), list(set(roster.deciders.values())))
        decides = np.array([any(one in roster.deciders for one in group) for group in self._members()] + [False])
        told = meeting & (self.codes >= 0) & (has_decider[client] if len(clients) else False)
        return np.where(told, decides[self.codes], _UNKNOWN).astype(np.int8)

    def seen(self, roster: Roster, contacts: tuple[str, ...]) -> Seen:
        """Who of rank takes part in what; `contacts` are those known by a code."""
        members = self._members()
        place = {contact: code for code, contact in enumerate(contacts)}
        others = tuple(sorted({one for group in members for one in group if one in roster.ranks and one not in place}))
        place |= {contact: code for code, contact in enumerate(others, start=len(contacts))}
        ranked = [[(place[one], roster.ranks[one]) for one in group if one in roster.ranks] for group in members]
        counts = np.array([len(group) for group in ranked] + [0])
        rows = np.flatnonzero(counts[self.codes] > 0)
        who = [pair for row in rows for pair in ranked[self.codes[row]]]
        if not who:
            return NOBODY_SEEN
        pairs = np.array(who, dtype=np.int64)
        return Seen(
            np.repeat(rows, counts[self.codes[rows]]), pairs[:, 0].astype(np.int32), pairs[:, 1].astype(np.int8), others
        )

    def _members(self) -> list[list[str]]:
        return [group.split(PEOPLE_SEPARATOR) for group in self.names]
