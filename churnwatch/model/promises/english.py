"""How a commitment is worded in English, and what around it makes it none; lower case, straight apostrophes."""

_VERBS = """
    send resend forward share submit upload provide deliver ship return email mail post publish circulate prepare draft write
    finish finalise finalize complete close wrap fix repair correct resolve restore roll deploy release launch push implement
    build develop design create make update revise amend add replace remove set install configure migrate translate review
    check investigate verify confirm test answer reply respond revert report look pay refund reimburse issue invoice credit
    reconcile sign order chase raise process analyse analyze calculate estimate quote collect compile gather pull show clarify
    find supply adjust tweak rework redo sort handle turn address pick ping document record activate enable grant do follow
    hand put print integrate produce shoot edit optimise optimize bring escalate debug patch merge copy transfer load import
    export distribute pass drop tidy rewrite reissue cancel reset connect switch apply improve split rebase read
"""  # what brings a work to its end; not meeting, calling, waiting and prolonging
VERB = (
    rf"(?:{'|'.join(_VERBS.split())}|schedule(?! (?:a|the|our|another) (?:call|meeting))|(?:have|take) a (?:\w{{1,12}}\s)?look"
    r"|let you know|come back to you|circle back|go (?:over|through)|be in touch"
    r"|get (?:back|it|this|that|these|those|to you|(?:the|you|a|an|your|our)\s(?:\w{1,20}\s){0,4}?(?:done|fixed|ready|sorted|to you|over"
    r"|out|sent))|be (?:sending|delivering|sharing|shipping|launching|publishing|releasing|submitting)"
    r"|have (?:[\w-]{1,20}\s){0,6}?(?:ready|done|fixed|finished|sorted|completed|live|(?:over )?to you|for you|up and running))\b"
)
_OFTEN = (
    r"(?:\s(?:also|then|definitely|certainly|gladly|happily|personally|just|quickly|both|immediately|at least)){0,2}"
)
_DONE = (
    r"(?:ready|done|live|sent|with you|in your inbox|fixed|deployed|delivered|completed?|finished|paid|published|uploaded"
    r"|shared|resolved|restored|issued|refunded|released|launched|updated|corrected|signed|over to you|submitted|shipped"
    r"|rolled out|in place|implemented|installed|migrated|merged|up and running|reviewed|prepared)"
)
_GOING_ON = (
    "(?:sending|delivering|shipping|launching|releasing|deploying|publishing|submitting|sharing|uploading|paying)"
)

# Each stands at the start of a word, or at its shortened "will".
WILL = (
    rf"(?:i|we)(?:'ll|\swill|\sshall|\sam going to|'m going to|\sare going to|'re going to){_OFTEN}\s{VERB}"
    rf"|let me{_OFTEN}\s{VERB}|(?:our|my)\s(?:[\w-]{{1,24}}\s){{1,3}}?will{_OFTEN}\s{VERB}"
    r"|(?:i|we)\s(?:promise|commit|undertake|guarantee)\b"
)
NOW = rf"(?:i'm|i am|we're|we are)\s{_GOING_ON}\b"
THING = (
    r"(?<!\bi)(?<!\bi )(?<!\bwe)(?<!\bwe )(?<!\byou)(?<!\byou )(?<!\bthey)(?<!\bthey )(?:'ll|will|shall|(?:is|are) going to)"
    rf"(?:\s\w{{1,12}}ly)?\s(?:be(?:\s\w{{1,12}}ly)?\s{_DONE}|go (?:live|out))\b|you(?:'ll| will)(?:\s\w{{1,12}})?"
    r"\s(?:have|get|receive|hear (?:back )?from (?:us|me)|find|see)\b(?! (?:to|until|time|a call|the call)\b)"
)

# Only where a clause begins with it.
OPENING_WILL = rf"will{_OFTEN}\s{VERB}"
OPENING_NOW = rf"{_GOING_ON}\b"
OPENING_THING = r"(?<!we )(?<!i )(?:you can )?expect (?:it|this|that|the|a|an|our|my)\b"

TAG_QUESTION = r"ok|okay|deal|is that ok(?:ay)?|sounds good|does that work(?: for you)?"
CONDITION_OR_HEDGE = (
    r"(?<!check )(?<!see )(?<!ask )if|unless|once|as soon as|provided|assuming|subject to|in case|upon|at the earliest"
    r"|after (?:you|your|approval|receiv\w{2,3})|when (?:you|the|we (?:get|have|receive))|try|hope|hopeful|hopefully|maybe|perhaps"
    r"|probably|possibly|likely|might|i think|we think|i guess|not sure|no promises|not mean|can't promise|cannot promise"
    r"|not before|you (?:said|told|wrote|promised|mentioned)|usually|normally|whether|did i|did we"
)
JOINT_OR_ASKED = "let's|let us"
THIRD_PARTY = (
    "please|kindly|make sure|said|says|agreed that you|bank|vendor|suppliers?|contractors?|provider|print shop|printers?"
    "|couriers?|hosting|clients?|customers?|lawyers?|registrar|they|he|she|meeting|call|webinar"
)
THEIR_DEED = (
    "(?:you|they|he|she|client|bank)(?:'ll| will| can| could| send| provide| give| share| need| want| have| are| must| sent| gave"
    "| shared| provided| wrote| made| raised| reported| mentioned)|(?:reported|raised|received|happened|discussed)(?= $)"
)
