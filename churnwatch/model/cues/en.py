"""English patterns of each cue, written as `notation` says."""

from churnwatch.core.types import Cue
from churnwatch.model.cues import Mark
from churnwatch.model.cues.notation import Patterns

ENGLISH: tuple[Patterns, ...] = (
    Patterns(
        Cue.REPETITION,
        strong="""
            (for the|this is the|this is now the|it's the|now the) (second|third|fourth|fifth|sixth|tenth|nth|umpteenth|hundredth|2nd|3rd|4th|5th) (time|email|message|reminder|request)
            how many (more )?times (do|must|should|have|did|will|are|am|can) (i|we|you going)
            (i|we) (have|had|already|must) (already |now )?(asked|told|said|requested|written|emailed|raised|explained|mentioned|reported|flagged|reminded|repeat*)~(twice|three times|several times|many times|multiple times|countless times|repeatedly|more than once|again and again|over and over|numerous times)
            (asked|told|said|requested|written|emailed|raised|explained|reminded|reported|flagged|called) (you |this |for this |about this |it )?(twice|three times|several times|many times|multiple times|countless times|repeatedly|numerous times|four times|five times)
            (i'm|we're|i am|we are|i keep|we keep) (repeating|having to repeat|asking the same|saying the same)
            (i've|we've) (already |now )?(asked|told|said|requested|written|emailed|raised|explained|mentioned|reported|flagged|reminded)~(twice|three times|several times|many times|multiple times|countless times|repeatedly|more than once|numerous times|over and over)
            (i've|we've) already (told|explained|asked|said)
            (i|we) (have )?already (told|explained to|asked) (you|your)
            (i|we) told you
            (i|we) (hate|shouldn't have|should not have|don't want|do not want) to (keep )?(repeat*|ask* again)
            (per|as per) my (previous|last|earlier|many|several|two|three) (three |two |four |many |several )?(emails|messages|requests)
            (asking|writing|chasing|requesting|reminding)~(again and again|over and over|yet again|once again|once more)
            (my|our) (previous|last|earlier) (two|three|four|several|five) (emails|messages|requests|reminders)
            (again and again|over and over|time and again|time and time again)
            i will (repeat|say) (this|it|myself)
        """,
        mild="""
            (as|like) (i|we) (have |had |'ve )?(already )?(said|wrote|written|mentioned|explained|stated|told|noted|asked)
            as (previously|already|repeatedly) (stated|mentioned|discussed|requested|explained|advised|noted|agreed)
            (as i|like i|i) already
            (per|as per) my (last|previous|earlier) (email|message|note|mail)
            (not|i'm not|i am not) sure (if|whether) you (saw|got|received|have seen|noticed|missed)
            (resending|re-sending)
            following up
            (gentle|friendly|quick|another|second|third) reminder
            (bumping|bump|pinging) (this|again)
            (checking|chasing) (in )?(again|once more|up)
            (sending|asking|writing) (it |this |you )?(again|once more|once again|a second time)
            in case (you|it|this) (missed|got lost|slipped)
        """,
    ),
    Patterns(
        Cue.EXASPERATION,
        strong="""
            how (much longer|long) (do|are|must|should|will|am|is|does|have|can) (i|we|this|it) (supposed|have|need|expected|wait*|got|going|be expected|to wait|take to fix|to keep|keep)
            how much longer
            how hard (can|is) (it|this)
            how (is|can|could) (this|it|that) (even |still |be |possibly )(acceptable|possible|happening|broken|not|ok|okay|so hard)
            (why|how) is (this|it) (still|so hard|so difficult|taking|always|not)
            (fed up|sick) (with|of)(?! leave)
            (sick and tired|sick to death)
            (tired|exhausted|weary) (of|from) (wait*|hear*|chas*|ask*|repeat*|explain*|excuses|the same|this|these|your|being|having|constant*|all)
            (unacceptable|inexcusable|appalling|outrageous|disgraceful|shameful|intolerable)(?! (risk|response|value|threshold|under the))
            (not|hardly|simply not|isn't|is not) (at all )?acceptable(?! (by|format|input))
            (is|are|getting|becoming|absolutely|completely|simply|utterly|just|frankly|beyond|this|how) (ridiculous|absurd|pathetic|laughable|insane|unbelievable|unreal|a joke|farcical|insulting)(?! not to)
            (a|complete|total|utter|bad|absolute) (joke|mess|disaster|disgrace|shambles|fiasco|nightmare|farce)(?! (recovery|of code|is|about))
            enough is enough
            (had|having|have|have had|i've had|we've had) (quite |more than |just about )?enough (of|with|already)?(?! (time|data|space|memory|information|people|for|to|budget|credit*))
            (beyond|very|extremely|incredibly|deeply|so|really|increasingly|highly|quite|am|are|i'm|we're|is|getting|becoming|truly|seriously|just) (frustrated|frustrating|disappointed|disappointing|annoyed|annoying|irritated|irritating|dissatisfied|unhappy|upset|angry|furious|livid|aggravating|exasperat*|let down|appalled|disgusted|concerned by the lack)(?! (at anyone|about the weather|if|that we))
            (very|extremely|deeply|so|really|truly|massively|bitterly|hugely|thoroughly) (disappointed|frustrated|unhappy|dissatisfied|annoyed|angry|upset|displeased)
            (frustration|disappointment|dissatisfaction|displeasure) (with|at|over|is|grows|continues)
            (not|far from|less than|isn't|aren't) (at all |very |really |exactly |too )?(happy|pleased|satisfied|impressed|amused) (with|about|at|by)
            (losing|lost|lose|running out of|run out of|out of|end of my|end of our) (all |my |our )?patience
            (my|our|the) patience (is|has|was|'s) (running|wearing|worn|run|gone|not|thin|exhausted|over|at an end|limited|ending|up)
            (running|run) out of (ways|words|excuses)
            (waste|wasting|wasted) (of |so much of |a lot of |so much |hours of |days of )?(my|our|everyone's|everybody's|time and|time|hours|money)(?! on my own)
            (what|what exactly|what are|exactly) (exactly |the hell |on earth |in the world )?(are|am) (we|i) (even |actually |exactly )?paying (you )?for
            (we|i) (are|am) paying (you )?(for this|good money|a lot|a fortune|way too much)
            (paying|pay|paid|charge|charged|charging)~(for nothing|for this mess|and getting nothing|and get nothing)
            (another|yet another) (day|week|month|release|deadline)~(another|yet another|same|no|without|missed|wasted|delay*)
            (expected|expect|deserve|deserved) (much |far |a lot |so much |way )?(better|more) (from|of|than|for)
            (i|we) (can't|cannot|can not|could not|couldn't|can hardly) believe (it|this|that|how|you|we|i|the)(?! (great|good|fast|easy))
            (don't|do not|can't|cannot|fail to|hard to) (understand|see|comprehend|fathom|get) (why|how) (this|it|that|we|nobody|no one|you|something)~(is|are|so|can|cannot|can't|takes|still|keep|has|have)~(hard|difficult|long|happen*|not|again|fail*|wait*|chase|broken|slow)
            (poor|terrible|awful|horrible|dreadful|abysmal|lousy|atrocious|shoddy|sloppy|unprofessional|subpar|substandard|careless|amateurish)~(service|support|quality|work|job|communication|experience|response|attitude|handling|performance|customer service|effort|level)(?! (for kids|of ours))
            (unprofessional|amateurish|incompetent|incompetence|negligence|negligent)(?! (clause|insurance))
            (cannot|can't|can not|won't|will not|impossible to) (keep|continue|go on|carry on|work|operate|accept) (working |going |operating |doing business |on |this |doing this )*(like this|this way|in this way|under these|any longer)
            (nobody|no one|none)~(seems|appears) to (care|know|read|listen|bother|understand)
            none of this would
            (seems|appears) (like )?(nobody|no one) (cares|knows|reads|listens|is)
            (nobody|no one)~(cares|bothers|bothered|is answering|answers|is responding|responds|took ownership|takes responsibility)
            yet again~(broken|down|failed|failing|late|missing|wrong|without|no|not|you|missed|nothing|delayed|the same|error*|issue*)
            (same|more|endless|nothing but|enough) (old )?(excuses|empty promises|lame excuses|apologies without)
            (stop|no more) (making |giving )?(excuses|with the excuses|ignoring|wasting|stalling)
            (this|it|that) (should|shouldn't|should not) (not )?(be|have been|have to be) (our|my|so hard|this hard|this difficult|happen*|rocket science|that difficult|simple|basic)
            rocket science
            (drives|driving|drove) (me|us|everyone here) (crazy|mad|nuts|insane|up the wall)
            (what|the) (the )?(hell|heck)
            (wtf|ffs|for god's sake|for heaven's sake|for crying out loud|jesus christ)
            (completely|totally|utterly|simply) (useless|broken again|unusable|unreliable|incompetent|out of control)
            (somebody|someone) needs to (take|own|explain|be held)
            (last|final) straw
            (for|at) this (kind of )?(price|money|price point)
            (such|what) (a |an )?(lack of|blatant) (respect|professional*|communication|care|interest)
            lack of (communication|responsiveness|urgency|professional*|progress|ownership|accountability|response)
            (days|weeks|months|hours) (and|with|but|later and) (still |we |i |there |is |have |'ve |got |get |heard )*(nothing|no answer|no reply|no response|no update|no progress|silence|waiting|no fix|no solution|not a single)
            (ages|forever|weeks on end|months on end|days on end)(?! ago)
        """,
        mild="""
            (yet|once) again~(broken|down|failed|failing|late|missing|wrong|without|no|not|you|missed|nothing|delayed|the same|error*|issue*|problem*|crash*|shipped|forgot*|it|is)
            again (the same|broken|down|late|wrong|no|not|without|you|nothing|delayed|missing|failed)(?! need)
            (broken|down|late|wrong|failing|failed|missing|offline|delayed|crashed|crashing|messed up|off) again
            (same|the same) (bug|issue|problem|error|mistake|mistakes|story|thing|issues|problems|page|question)~(again|once more|over|keeps|is back|as last|every)
            still (no|not|nothing|waiting|broken|down|haven't|hasn't|have not|has not|isn't|is not|missing|wrong|failing|unresolved|unanswered|unclear|pending|doesn't|does not|don't|do not|have nothing|have no|without|late|have not heard|can't|cannot)(?! sure|rush)
            (been|are|am|keep|we've been|i've been) waiting~(for|since|over|more|almost|nearly|weeks|days|months|ages|all)
            (it's|it has|has|it is) (been|now been) (over |more than |almost |nearly |already )?(a |an |two |three |four |five |six |several |many |\\d+ )?(week|weeks|month|months|days|hours|days since|year)
            (no|not a single|without any|without a|never got a|never got an|never received a) (reply|response|answer|update|feedback|reaction|explanation|progress|word)~(from|since|to|yet|for|so far|at all|whatsoever|in)
            (nobody|no one)~(answered|responded|replied|called back|answers|told|informed|warned|bothered|is answering|picks up|got back|cares|tells|knows)
            (never|not) (works|worked|heard back|hear back|got an answer|got a reply|got back|been answered|fixed|resolved|received)
            (keeps|keep) (breaking|failing|happening|crashing|getting worse|slipping|changing|coming back|being delayed|moving)
            (disappointed|frustrated|frustrating|annoyed|annoying|unhappy|dissatisfied|displeased|irritating|upsetting|disappointing that|upset)(?! numbers)
            (frankly|honestly|to be honest|quite frankly|seriously)
            (got|get|getting|received|heard|hear) (absolutely )?nothing
            (finally|at last) (fix|answer|respond|do something|get this)
            (going|went) (in circles|round in circles|nowhere)
            (missed|blown|slipped) (the |another |every |yet another |our )(deadline|launch|date|milestone|target)
            (too|way too|far too|very|so|extremely|painfully) (slow|long|late|many (errors|mistakes|bugs|delays|issues))
            (nothing|not much|little) (has |have )?(changed|happened|happens|been done|works|improved|improves|moved)
        """,
    ),
    Patterns(
        Cue.BLAME,
        strong="""
            why (didn't|did|don't|do|haven't|have|hasn't|aren't|are|can't|won't|couldn't|would|wouldn't|must|is|was|were|weren't|wasn't|has|do)~(nobody|no one|not one) (on|at|from|in|tell*|told|answer*|inform*|respond*|pick*|warn*)
            why (didn't|don't|haven't|aren't|can't|won't|couldn't|wouldn't|weren't|isn't) (you|your|anyone|anybody|someone|nobody|we told|we informed)
            why (did|do|have|are|would|were) you~(not|without|again|always|never|keep|still|ignor*|chang* everything|break|remov*|delet*|charg*|ship*|wast*|even|constantly|blame|lie|delay*)
            why (did|do|would) you (change|remove|delete|break|charge|cancel|switch off|turn off|push|deploy|ship|ignore|promise|send the wrong|stop)
            why (do|did|are|am|should|must|would|were) (i|we) (have|always|need|being|getting|the last|paying|finding|hearing|learning|still|even|only|not|supposed|expected)
            (did|do|does|have|has|can|are) (you|your team|anyone there|anybody there|anyone|anybody|anyone on your side) (even|actually|ever|guys even|people even|bother*) (read|look|check|test|care|work|try|listen|tested|understand|know|checked|looked|reviewing|reading|going|to)
            you (clearly|obviously|apparently|simply|just|still|again|once again|never|always|constantly|repeatedly|continue to|keep|kept|failed|have failed|fail) (did not|didn't|do not|don't|have not|haven't|are not|aren't|failed|fail|ignore*|ignoring|forg*|broke|missed|missing|changing|miss|delay*|sent|send|read|test*|sending|making|charging|asking|moving|postpon*|to deliver|to send|to respond|to answer|to do|to fix|to meet|to notice|to tell|to read|to provide|to inform|to keep|to reply|to ignore|answer*|respond*|repl*|called|told|deliver*|fix*|promis*|blam*|sell*|cancel*|listen*|check*)(?! (us a|questions like))
            you (have|had|'ve) (not|never|again|once again|repeatedly|completely|totally|failed|ignored|broken|missed|let|forgotten|wasted|messed|lost|dropped|still not)(?! (to worry|problem))~(answer*|respon*|repl*|sent|send|deliver*|done|told|call*|deadline*|fix*|us|our|my|ignor*|fail*|provid*|met|read|it|the ball|up|anything|a single)
            you haven't (answered|responded|replied|sent|delivered|done|told|called|fixed|read|provided|even|addressed|resolved|bothered|updated|informed|kept|tested|met)
            you (are|were|'re) (not|never) (reading|listening|responding|answering|taking|doing|delivering|paying attention|helping|being honest|even|replying|fixing)
            (you're|you aren't|you weren't) (not )?(reading|listening|responding|answering|taking this|doing your|delivering|ignoring|helping|replying)(?! all the time zones)
            you (ignore|ignored|ruined|broke|wasted|screwed|messed up|dropped|lied|misled|mislead|blew|lost|botched|forgot|overcharged|missed)~(me|us|my|our|up|the|again|every|everything|it|to)
            you (let|have let|are letting|really let) (us|me) down
            (because|thanks|due|owing) (of|to) (you|your|your team's|your mistake*)(?! (help|great|hard|quick|effort*|support|team's (help|work|support)|work|advice|fast|excellent|amazing))~(we|i|delay*|mistake*|error*|fail*|negligence|our|lost|lack|slow*)
            (it's|it is|this is|that is|that's|entirely|all|clearly|is) (entirely |all |clearly |completely |totally |your )*(your|you|on you) (fault|mistake|error|failure|responsibility|job|doing|problem|mess|screwup)
            (your|you) (fault|negligence|incompetence|failure|carelessness|screwup|mess|excuses|silence|lack of|inability|mistakes|mistake|error|delay|delays)~(cost*|is|are|caus*|that|again|to|in|of|we|has|have)(?! (no problem|fine|understandable))
            (your|you) (team|support|people|side|engineers|developers|account manager|manager|staff|guys|company|colleagues|department|designers|reps|agents|colleague|technician|agency)~(dropped the ball|not responding|not answering|doesn't|does not|don't|do not|didn't|did not|hasn't|has not|haven't|have not|isn't|is not|aren't|failed|fails|keeps|keep|ignor*|never|can't|cannot|forgot|messed|broke|again|screwed|refus*|won't|wasted|lost|missed)(?! (hesitate|worry|fail to impress|need to worry))
            (dropped|dropping|drop) the ball
            (nobody|no one|no-one|anyone|someone|somebody) (on|at|from|in) your (side|end|team|company|office)~(care*|answer*|respon*|read*|know*|bother*|seem*|check*|test*|tell*|took|told|work*|pick*|repl*|able)
            (i|we) (should|shouldn't|should not) (not )?(have|need) to (find out|chase|beg|explain|ask|remind|check|learn|hear|tell you|do your|wait|test|fix|babysit)
            (chasing|chase|babysit*|hand-hold*|begging) (you|your|after you|up with you|your team)
            (do|doing|did) your (job|work for you|jobs)(?! great| well)
            (without|and never) (telling|asking|informing|consulting|warning|notifying) (us|me|anyone|anybody)
            (behind|without) our (back|consent|approval|knowledge)
            (shame on you|screw you|how dare you)
            (thanks|thank you) for (nothing|wasting|ruining|ignoring|not)
            (ignoring|ignored|ignore) (me|us|my|our)
        """,
        mild="""
            ^why (did|do|are|were|have|would) you
            ^why (is|are|was|were|has|have) your
            (wrong|incorrect) (file|version|invoice|numbers|logo|report|link|amount|address|date|dates) (again|from you|once more|was sent)
            you (should|could|were supposed to|need to|ought to) (have )?(known|told|warned|checked|tested|informed|asked|notified|explain yourselves)
            (never|not) (told|informed|warned|consulted|notified|asked)
            (nobody|no one) (told|informed|warned|asked|notified|consulted|called) (us|me)
            (on|from) your (side|end)~(no|nothing|not|failed|mistake|error|problem|nobody|zero)
            (find|finding|found|learn|hear|hearing|learned) (out )?(about )?(this |it |outages |that )*from (our own|our|other|third part*|linkedin|customers|the news|strangers)
        """,
    ),
    Patterns(
        Cue.COLD_COMPLIANCE,
        strong="""
            ^whatever(?= ?$|[.,!]| you (say|want|like|think)(?=[.,!]|$))
            ^(do|have it|just do) (it )?(as|what|whatever|your) (you (like|please|want|wish|see fit|think)|way|own way)(?! to| us to| from)
            have it your way
            suit yourself
            (if|since) you say so
            (makes|make|makes absolutely|make any) (no )?difference (to us|to me|anymore|any more)
            (i|we) (no longer|don't|do not|couldn't|could not) (really )?care (anymore|any more|less|at this point|what you)(?! about color)
            (done|finished|through) (arguing|discussing|explaining|talking|debating)
            (no point|no use|pointless|not worth) (in )?(arguing|discussing|explaining|repeating|continuing|talking)
            (i|we) (have )?(nothing|no more) (more |else )?to (add|say|discuss)(?! to the (agenda|list|backlog))
            (i|we) (give|gave|are giving|am giving) up(?! (the|a|our) (seat|desk|domain))
        """,
    ),
    Patterns(
        Cue.PRESSURE,
        strong="""
            (fix|restore|put|answer|respond|reply|stop|resolve|call|remove|send|do|correct|refund|get|explain|take|return|act|address)~~(immediately|right now|right away|at once|this instant|this minute|now|today or|without further delay)(?! (available|after|before|visible|and then|on sale|we are|it is|that|i can|when|serving))
            (immediately|right now|at once)(?=[.!]|$)
            (i|we) (expect|demand|require|insist on|insist) (a |an |your |immediate |written |full |clear |proper |prompt |some |answers|that )*(explanation|answer|answers|response|action|resolution|refund|reply|update|that you|solution|fix|plan|compensation)(?! to grow)
            (demand|demanding|demanded) (a|an|that|immediate|to know|answers|our|my|compensation)
            not going to ask again
            (won't|will not|am not going to) (ask|say|tell you|remind you|repeat) (this |it |myself )?again
            immediate (action|response|answer|explanation|fix|resolution|refund|attention|reply) (is |are )?(required|needed|expected|from you)?
            without (any )?further (delay|excuses)
            no later than (today|tonight|tomorrow|end of|noon|close of)
            (drop|stop) everything
            (today|right now|now) or (we|i|else)
        """,
        mild="""
            urgent(ly)?
            (asap|a s a p|eod|cob|e o d)
            as soon as (humanly )?possible
            immediately(?! (after|before|available|visible|when|upon|once|on|following|the|as|obvious|clear|liked|loved|saw|noticed))
            (right away|right now|at once)
            (by|before|until) (tonight|today|end of day|the end of the day|close of business|noon today|this evening|end of business)
            (within|in) the (next )?(hour|next few hours|next two hours)
            (time-critical|time-sensitive|time critical|top priority|highest priority)
            (need|needs|needed|want|expect) (this|it|that|an answer|a reply|a response|them|a fix) (today|now|tonight|by tonight|fixed today|fixed now)
            fix (this|it) (today|now|tonight)
            (respond|reply|answer|call me|call us) (today|now|tonight)
            (running out of|no more|no) time (to|left|for this)
        """,
    ),
    Patterns(
        Cue.ULTIMATUM,
        strong="""
            (otherwise|or else|or) (we|i|we'll|i'll|we're|i'm|we will|i will)~(have to|be forced|cancel*|terminat*|leav*|stop*|withhold*|escalat*|sue|tak* legal|involv*|no choice|not pay*|pull|walk|mov* to|switch*|look* for|go elsewhere|seek*|withdraw*|end (the|our|this)|consider (ending|leaving|other)|done|out)
            (no|little|no other|left with no) (choice|option|alternative) (but|other than|except)(?! .{0,30}(laugh|smile))
            (will|would|be|are|am|feel) (be )?(forced|compelled|obliged) to (escalat*|cancel|terminat*|leave|stop|withhold|take|seek|look|involv*|end|find|move|switch|consider|reconsider|pursue|suspend|withdraw)
            (final|last) (warning|chance|notice before|opportunity to|reminder before|attempt to|time (i|we) (ask|will|am|are|write|say))
            (this is|consider this|consider it) (your |our |my |the |a )?(final|last|formal|official) (warning|notice|chance|complaint|reminder|email|attempt)(?! about the parking)
            (formal|official) complaint(?! (from|by) (a |the )?(customer|user|tenant))
            (legal|court) (action|proceedings|steps)
            (our|my) (lawyer|lawyers|solicitor*|attorney*|legal team|legal department|legal counsel|counsel) (will|to contact|is going|are going|have been|has been|shall|gets involved|about this)(?! (review|send comments|sign|be happy|look|check|comment))
            (involve|involving|instruct|contact|contacting|consult|bring in|hear from|hand this over to|hand over to) (our |my )(legal|lawyer*|attorney*|solicitor*|legal department)
            (escalate|escalating|escalated|escalation)~(your|ceo|management|director*|board|boss|supervisor|higher|above you|further|senior leadership|formally)
            (complain*|complaint|write|writing|speak|talk|go|going|report this|report you|call) (directly |straight )?(to|about you to) your (ceo|boss|manager|management|supervisor|director|superiors|superior|cto|head office)
            (withhold|withholding|stop|stopping|suspend|suspending|freeze|freezing|pause|pausing|block|dispute|disputing) (all |the |any |our |your |further |future |this )*(payment|payments|invoice|invoices|remaining payment)
            (not|won't|will not|refuse to|refusing to|aren't going to|are not going to) (be )?(pay*|sign* off|approv*|accept*) (this|for this|the|your|any|another|for|until|a cent|a penny|it) (invoice|until|bill|mess|further|work|again|any longer|unless|kind|sort)?(?!by card)
            (if|unless)~~~(by|before|until|within|this week|today|tomorrow|changes|improves|soon|now|again|resolved|fixed)~(we will|we'll|i will|i'll|we are|we're|i am|i'm|we have|we shall|expect us|consider)~(withhold*|cancel*|terminat*|leav*|stop*|escalat*|sue|reconsider*|mov*|switch*|look* for|tak* our|tak* legal|end|go elsewhere|not pay*|suspend*|done|pull*|walk*|request a refund|demand*|involv*|dispute*|withdraw*|find|no choice|forced)
            (if|unless) (nothing|things don't|this doesn't|this does not|it doesn't|the situation) (changes|change|improve*|happens|does not)~~(we|i|we'll|i'll)
            either (you|we|this|it|someone|the)~~~or (we|i|we're|we'll|i'm|i'll)
            (reconsider|reconsidering|rethink|rethinking|re-evaluate|reevaluate|re-evaluating|reevaluating|review) (the whole |our whole |our entire |the entire |our |the |this |whether )*(agreement|contract|relationship|partnership|cooperation|collaboration|engagement|we should stay|to continue|to stay)(?! draft)
            (demand|request|want|expect|requesting|demanding|require|seek|claim) (a |an |our |my |full |partial |the |immediate )*(refund|money back|compensation|damages|reimbursement|penalty|penalties)
            (take|taking) (our|my|this) business elsewhere
            go (elsewhere|public with)
            (breach|violation) of (the |our |this )?(contract|agreement|sla)
        """,
        mild="""
            (or else|you leave us|leaves us|leave me)(?! (a|the) (message|note|review))
            (if|unless) (this|it|the|you|we|i|that)~(not|isn't|is not|don't|doesn't|do not|can't|cannot|fixed|resolved|sorted)~(by|before|until|today|tomorrow|soon|within|this week)
            (consequences|penalty clause|penalties|contractual penalties)
            (involve|loop in|copying|adding|cc'ing|copy) (in )?(my|our|your) (boss|management|ceo|director|cfo|legal|manager|superiors|lawyer)
            (escalate|escalating|escalation)(?! (policy|path|matrix|process|rules|contact))
        """,
    ),
    Patterns(
        Cue.WE_PROMISED,
        strong="""
            (you|you guys|your team|your colleague|your manager) (promised|said|told us|told me|assured us|assured me|guaranteed|committed|claimed|agreed|swore|confirmed)~~~(but|and yet|yet|still|instead|never|nothing|and it's|and it is|it has been|it's been|however|now|no sign|where)
            (we|i) (were|was|have been|had been|'ve been) (promised|told|assured|guaranteed)~~~(but|and yet|yet|still|instead|never|nothing|however|where|no sign|it has been|it's been)
            (you|you guys) (were|are|was) supposed to (deliver|send|have|fix|call|finish|launch|provide|be|get|update|complete|tell|let|ship|respond|reply)
            (were|was) (supposed|meant|due|scheduled) to (be |have been |get )?(ready|delivered|done|finished|fixed|live|sent|launched|shipped|completed|here) (by|on|last|yesterday|in|two|weeks|a week|before|at|already)
            (you|you guys) promised (me |us )?(that )?(this|it|these|everything|the \\w+) would
            (broken|empty|unkept|false|failed|more|yet another broken) (promise|promises)
            (not|never|didn't|don't|failed to|fail to) (kept|keep|honour|honor|hold|held|stick to|deliver on|honoured|honored) (your|any|its|a single|their) (promise|promises|word|commitment|commitments|side|end|deadline|deadlines)
            what happened to (the|your|our) (promise*|commit*|deadline|agreed|plan)
            (where|what) (is|are|about) the~(you promised|we were promised)
            (yesterday|last week|last month|weeks ago|days ago|on monday|on friday|months ago|a week ago)~as (you )?promised
        """,
        mild="""
            you (had |have |all |guys |specifically |personally |clearly |explicitly |'d )*(promised|assured|guaranteed|committed to|gave us your word|gave your word|swore)
            (you|you guys) (said|told us|told me|claimed|confirmed) (that )?(you|it|this|they|we|everything|the)~(would|will|was|were|could|is going|'d|had|ready|fixed)
            (we|i) (were|was|had been|have been) (promised|assured|guaranteed|told it would|told that it would|told this would|led to believe)
            (according to|per|as per|under) (the|our|your) (contract|agreement|sla|schedule|plan|timeline)~(supposed|should|must|were|was|have to|required|obliged|are to)
            (your|the) (promised|agreed) (delivery|deadline|date|fix|release|report|callback|refund)
            your (promise|promises|commitment|commitments|own deadline|word)
        """,
    ),
    Patterns(
        Cue.GRATITUDE,
        mild="""
            (thanks|thank you|many thanks|thx|tnx|thanx|ty)(?! for (nothing|wasting|ruining|ignoring|not))
            thank (your|everyone|the team|all)
            (really|very much|greatly|truly|we|i|do|would|much|highly|so|also) (appreciate|appreciated)
            appreciate (it|your|the|that|all|you)
            (grateful|thankful)
            much appreciated
        """,
    ),
    Patterns(
        Cue.GREETING,
        mild="""
            ^(hi|hello|hey|hiya|howdy|greetings)(?!-)
            good (morning|afternoon|evening|day)(?=[ ,.!\\n]|$)
            ^dear \\w+
        """,
    ),
    Patterns(
        Cue.CLOSING,
        mild="""
            (best|kind|kindest|warm|warmest|many|with best|with kind) (regards|wishes)
            ^regards(?= ?[,.\\n]|$)
            ^best(?= ?[,]|\\n|$)
            ^cheers(?= ?[,.!\\n]|$)
            ^(sincerely|yours sincerely|yours truly|yours faithfully|respectfully|cordially|warmly)(?= ?[,.\\n]|$| yours)
            have a (great|nice|good|lovely|wonderful|relaxing|fantastic|pleasant) (day|weekend|evening|week|one|rest|holiday|afternoon|time|break)
            (take care|talk soon|speak soon|see you soon|all the best|enjoy your weekend|enjoy the weekend)(?=[.,!\\n]|$)
        """,
    ),
    Patterns(
        Cue.PLANS,
        mild="""
            let's (schedule|plan|meet|talk|discuss|set|book|arrange|start|launch|catch up|sync|agree|have a|do a|do it|try|revisit|move forward|kick|aim|regroup|get together|connect|put|pick)
            (we|i) (are|am|'re|'m) (also |already |currently |now )?(planning|going to|hoping to|looking to|aiming|thinking about|preparing|about to)(?! (cancel|leave|terminate|escalate|stop|ask again|withhold|pay|sue|in circles))
            (we're|i'm) (also |already |currently |now )?(planning|going to|hoping to|looking to|aiming to|thinking about|preparing)(?! (cancel|leave|terminate|escalate|stop|withhold))
            (we|i) (plan|intend|hope|expect) to(?! (cancel|leave|terminate|escalate|stop|withhold|see))
            (looking|look) forward to
            tomorrow
            next (week|month|quarter|year|monday|tuesday|wednesday|thursday|friday|sprint|spring|summer|autumn|fall|winter|season|steps|january|february|march|april|may|june|july|august|september|october|november|december)
            (we'll|i'll|we will|i will|we can|i can|we could|shall we|can we|could we)~(send|meet|schedule|get back|come back|discuss|start|launch|share|talk|review|call|book|show|prepare|confirm|let you know|revert|sign|have)~(by|on|in|next|after|at|this|for|until|over|before|during) (the |early |late |mid |first week of |end of )*(monday|tuesday|wednesday|thursday|friday|week|weekend|month|quarter|january|february|march|april|may|june|july|august|september|october|november|december|holidays|end|afternoon|evening|new year|first)
            (could|can|shall|may) (we|i) (book|schedule|set up|arrange|plan|meet|organise|organize|have a (call|meeting|review))
            in (january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|the spring|the summer|the fall|q1|q2|q3|q4) (we|i) (want|will|plan|would|are|hope|intend|expect|need|'ll)
            (we|i) (want|would like|hope|need) to~(in|next|from|by|this) (january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|q1|q2|q3|q4|the spring|the summer|the fall)
            (after|before) the (holidays|break|summer|vacation|new year)~(we|let's|i)
            (schedule|book|set up|arrange) a (call|meeting|review|demo|session|workshop|time|slot)
        """,
    ),
    Patterns(
        Cue.EXIT_WORDS,
        strong="""
            (terminate|terminating|cancel|cancelling|canceling|end|ending|discontinue|discontinuing|exit|wind down|winding down|conclude) (the |our |this |your |all |current |my |existing )*(contract|contracts|agreement|agreements|subscription|service agreement|cooperation|collaboration|partnership|engagement|relationship|retainer|services|service with|account with|plan with|membership)(?! (invite|window|process))
            (termination|cancellation) (of|notice|letter) (of |the |our |this |your )*(contract|agreement|services|subscription|cooperation|engagement)?
            (not|won't|will not) (be |going to |to |planning to |looking to |want to |intend to )*(renew|renewing|renewal|extend|extending|prolong|continuing with you|continue with you|continue our|continue working with)(?! (deadline|the deadline))
            non-renewal
            (switch|switching|switched|move|moving|moved|migrate|migrating|transition|transitioning|go|going|went|change|changing)~(to|with|over to|for) (a |an |another |the |our )*(different|another|other|new|competing|alternative|competitor*) (vendor|provider|agency|supplier|partner|company|consultancy|contractor|firm|service provider|platform provider)(?! (for office|for cleaning|for catering))
            (another|other|different|alternative|competing|new) (vendors|vendor|providers|provider|agencies|agency|suppliers|contractors|consultancies|consultancy|service providers)(?! (for office|for the office|of ours|for cleaning|for catering|for coffee|id|record|field|code|in your|on your|form))
            (changing|change|switching|switch|replace|replacing|swap) (the |our |your )?(vendors|vendor|providers|provider|agencies|agency|suppliers)(?! (id|field|name|code))
            part (ways|company)
            (bring|bringing|take|taking|move|moving|brought)~(in-house|in house|inhouse)
            (leave|leaving) (you|your (company|service|platform|agency))(?! (a|the|to|some|with|alone))
            (close|closing|delete|deleting|deactivate|deactivating) our (account|accounts|subscription|workspace)
            (last|final) (day|month) (of|with) (the |our |your )?(contract|service|services|you|cooperation|agency)
            (looking|look|shopping) (for|at|into|around for) (a |an |some |other |your |our )*(alternative|alternatives|replacement|replacements|competitor*|competing)(?! (text|image|photo|wording|date|time|part*|font|key))
            (request|issue|issued|issuing|running|launch|launching) (for proposal|an rfp|a tender|for tender)
            (invited|inviting|collecting|comparing|getting|evaluating) (quotes|offers|bids|proposals) (from|of) (other|competing|several|your compet*)
            (no longer|don't|do not) (need|require|want|wish) (your|to use your|to continue)
            handover to (the |our |a )?(new|next|internal|another|other|incoming)
        """,
        mild="""
            (handover|hand over|hand-over|handing over|transition plan|offboarding|offboard|off-boarding)(?! notes)
            notice period
            (admin|administrator|root|owner|full|all) (access|rights|credentials|logins|accounts|passwords)
            (transfer|revoke|return|hand over|give back|hand back)~(access|accesses|credentials|ownership|domain|passwords|rights)
            (export|download|extract|full export of|dump of|copy of) (all |of )*(our|my) (data|content|history|files|records)
            (all|of all) (our|the) (source files|source code|data|assets|files|raw files|working files)
            (final|closing|last) (invoice|statement|settlement|balance|bill|reconciliation)
            (refund|return) (of )?(the |our )?(remaining|unused|outstanding|balance|deposit|prepaid|prepayment)
            (early|contract) termination
            (termination|exit) (clause|terms|date|fee|fees|conditions|plan)
            (reconciliation|settlement) statement
            (end|expiry|expiration) of (the |our |this )?(contract|term|agreement)
            (delete|erase|remove) (all )?(our|my) (data|account)
        """,
    ),
    Patterns(
        Mark.QUESTION,
        mild="""
            (could|can|would|will) you
            (any|is there any|are there any|do we have any) (update|updates|news|progress|feedback)
            ^(when|where|what|which|who|how) (is|are|will|can|do|does|should|would|did|could|about|much|many|long|soon)
            (wondering|wonder|curious|want to know|like to know|like to understand) (if|whether|when|what|how|why|where)
            ^(is|are|can|could|do|does|did|will|would|have|has|should|may) (it|we|you|i|there|the|this|that|someone|anyone)~(possible|ok|okay|able|included|ready|available)
        """,
    ),
    Patterns(
        Mark.REQUEST,
        mild="""
            please(?! (find|see attached|note|be advised|accept|refer|see below|be informed|excuse|forgive|don't worry|do not worry))
            (let me know|let us know|keep me posted|keep us posted|get back to|advise|confirm receipt)
            ^(send|fix|call|check|update|confirm|provide|share|remove|add|change|reply|respond|explain|forward|resend|put|stop|answer|review|tell|give|make|prepare) (me|us|the|this|it|that|a|an|your|our|back|all|today|both|these|those|him|her|them|when|whether|if|by|immediately)
            (need|expect|require|await|awaiting|requesting) (you to|your|a reply|a response|an answer|an update|a written|an explanation|feedback|confirmation|answers|this|it)
            (looking forward|look forward) to (your|hearing)
            (would|i'd|we'd) (like|appreciate|love|be grateful) (you|your|if you|it if|to get|to have|to know|to understand|a|an)
            (kindly|pls|plz)
            (could|can|would|will) (you|someone|anyone|your team|we get|i get|we have|i have)
        """,
    ),
    Patterns(
        Mark.WARMTH,
        mild="""
            (no|zero|not any) (rush|hurry|panic|worries|problem|pressure|complaints|stress|big deal|issues)
            (not|isn't|nothing|non) (urgent|critical|a problem|a big deal|time-sensitive)
            (whenever|when) you (have|get|find|are) (a |some |free)?(minute|moment|time|chance|back)?
            (take your time|at your convenience|it can wait|when convenient|don't worry|do not worry|all good)
            (happy birthday|congratulations|congrats|merry christmas|happy new year|happy holidays|well done|kudos|hooray)
            (great|fantastic|amazing|awesome|excellent|wonderful|superb|brilliant|impressive|lovely|outstanding|perfect) (job|work|news|results|service|support|progress|team|stuff|idea|effort|to hear|workshop|launch|improvement*)
            (is|are|looks|was|were|been|works|working|an|did|really|just|so|absolutely) (great|fantastic|amazing|awesome|excellent|wonderful|superb|brilliant|perfect|fabulous|stellar)(?! (disappointment|frustration|concern|deal of|delay))
            (love|loves|loved|enjoy|enjoyed) (it|the|your|this|working|how|what)(?! (to|if))
            (very|really|super|so|extremely|still|quite) (happy|pleased|satisfied|impressed|glad|delighted)(?! if)
            (great|thank you so much|perfect)(?=[!])
            (keep up|pleasure to|glad to|happy to|delighted)
            (not|isn't|i'm not|am not|nobody is) (angry|upset|blaming|mad|complaining)
            (curious|out of curiosity|just checking)
        """,
    ),
    Patterns(
        Mark.OWN_FAULT,
        mild="""
            (sorry|apologies|apologise|apologize|apologizing|my apologies|our apologies) (for|about|that|again|if|we|i|my|on|from|the)(?! (tone|but))
            sorry about that
            apologies(?=[,.!])
            (my|our) (mistake|bad|fault|error|oversight|own mistake)
            on (our|my) (side|end)(?! (we|nothing|it) (still|has not))
            (we|i) (messed|screwed) up
            (we|i) (forgot|misread|mixed up|overlooked|misunderstood|uploaded the wrong|sent the wrong|delayed)
        """,
    ),
    Patterns(
        Mark.THIRD_PARTY,
        mild="""
            (their|his|her) (contractor*|team|manager*|support|staff|supplier*|vendor*|developers|warehouse|agency|lawyer*|service|driver*|office|people|company)
            (our|the|my|a|another|other|previous|former|old|last|these|some) (previous |former |old |other |own |last )?(landlord|supplier*|bank|courier*|contractor*|carrier|customer|client|hosting|provider|isp|airline|accountant*|auditor*|tenant*|competitor*|logistics|shipping company|printer|printers|post office|tax office|insurance|insurer|distributor*|manufacturer|reseller*|agency before|vendor*)
            (fedex|dhl|ups|usps|customs)
        """,
    ),
    Patterns(
        Mark.SECOND_PERSON,
        mild="""
            (you|your|yours|you're|you've|you'll|you'd|yourself|yourselves)
        """,
    ),
)
