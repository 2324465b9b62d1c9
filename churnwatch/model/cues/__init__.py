"""What each cue of tone means, where the idea comes from, and how much it says about irritation.

The patterns themselves stand in `ru.txt` and `en.txt`, the way to write them in `notation`.
"""

from dataclasses import dataclass
from enum import IntFlag

from churnwatch.core.types import Cue

BASE_LOG_ODDS = -2.3  # of irritation in a message without any cue


class Mark(IntFlag):
    """What the reader must notice besides cues; it bends the reading and is not stored."""

    QUESTION = 1 << 17
    REQUEST = 1 << 18
    WARMTH = 1 << 19
    OWN_FAULT = 1 << 20
    THIRD_PARTY = 1 << 21
    SECOND_PERSON = 1 << 22


@dataclass(frozen=True, slots=True)
class Definition:
    """A cue in words, and the log-odds of irritation that its strong and its mild patterns add (the larger one counts)."""

    meaning: str
    source: str
    strong: float = 0.0
    mild: float = 0.0


_ZHANG = "Zhang et al. 2018, Conversations gone awry"
_POLITENESS = "Danescu-Niculescu-Mizil et al. 2013, A computational approach to politeness"
_NICULAE = "Niculae et al. 2015, Linguistic harbingers of betrayal"

DEFINITIONS: dict[Cue | Mark, Definition] = {
    Cue.REPETITION: Definition("says that it was said before; mild: merely sends it again", "practice", 2.7, 0.9),
    Cue.EXASPERATION: Definition("patience is at its end; mild: again, still, not yet", "practice", 3.0, 1.6),
    Cue.BLAME: Definition(
        "second person with a failure, or a why-question to it; mild: a bare why-did-you", _ZHANG, 2.8, 1.4
    ),
    Cue.COLD_COMPLIANCE: Definition(
        "gives in without agreeing; mild: a bare 'Noted.' with a full stop", "practice", 2.8, 0.5
    ),
    Cue.PRESSURE: Definition("at once, by tonight; mild: urgent", "practice", 2.5, 0.9),
    Cue.ULTIMATUM: Definition("names a consequence", "practice", 3.0, 1.5),
    Cue.SHOUTING: Definition("three words in capitals, ???, ?!; mild: a word or two, !!!", "practice", 2.6, 1.6),
    Cue.WE_PROMISED: Definition("holds us to our word and finds it broken; mild: you promised", "practice", 2.6, 1.5),
    Cue.GRATITUDE: Definition("thanks", _POLITENESS, mild=-0.5),
    Cue.GREETING: Definition("opens with a greeting", _POLITENESS),
    Cue.CLOSING: Definition("closes with regards or good wishes", _POLITENESS),
    Cue.SHORT_ACK: Definition("at most three words, or acknowledging words alone", "practice"),
    Cue.PLANS: Definition("own or common plans and dates ahead; a bare deadline set to us is none", _NICULAE),
    Cue.EXIT_WORDS: Definition(
        "leaving, ending, another vendor; mild ones count only two different together", "practice"
    ),
    Cue.FORMAL_YOU: Definition("addresses us as вы, or with a verb in the polite plural; Russian only", "practice"),
    Cue.FAMILIAR_YOU: Definition("addresses us as ты, or with a verb in the singular; Russian only", "practice"),
    Cue.NAMED_GREETING: Definition("greets somebody by name", _POLITENESS),
    Mark.QUESTION: Definition("asks, with or without a question mark", _POLITENESS),
    Mark.REQUEST: Definition("asks to do something or to answer", _POLITENESS),
    Mark.WARMTH: Definition("praise, good wishes, smiles, no hurry", "practice", mild=-1.6),
    Mark.OWN_FAULT: Definition("the writer apologises or takes the blame", _POLITENESS, mild=-1.8),
    Mark.THIRD_PARTY: Definition(
        "speaks of someone who is neither of us; without a 'you' irritation is not at us", "practice"
    ),
    Mark.SECOND_PERSON: Definition("addresses us", _ZHANG),
}
