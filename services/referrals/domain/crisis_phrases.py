"""The phrases of danger, and the harmless ones that look like them; `crisis_words` reads texts by them.

Regular expressions over plain words (see `crisis_words.plain_words`); a name in angle brackets stands for
one of `FORMS`. Whoever adds a phrase adds a sentence that has it to the tests, and an ordinary one beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# One phrase to an entry, however many lines it needs.
FORMS: Mapping[str, str] = {
    "self": r"(?:my|him|her|them|your|our|thy)\s?sel(?:f|ves)",
    "whose": r"(?:my|his|her|their|your|our|the)(?: own)?",
    "who": r"(?:me|him|her|them|us|you|myself|some ?one|some ?body|any ?one|people|every ?one|<kin>)",
    "kin": (
        r"<whose>(?: \w+)? (?:baby|child|children|kids?|sons?|daughters?|family|mums?|mother|dads?"
        r"|father|wife|husband|partner|boyfriend|girlfriend|ex|brother|sister|nan|grandma|carer"
        r"|neighbours?)"
    ),
    "they": r"(?:he|she|they|hell|shell|theyll|hes|shes|<kin>)",
    "kill": r"kill(?:s|ed|ing)?",
    "hurt": (
        r"(?:hurt(?:s|ing)?|harm(?:s|ed|ing)?|injur(?:e|es|ed|ing)|cut(?:s|ting)?|burn(?:s|t|ed|ing)?"
        r"|starv(?:e|es|ed|ing)|poison(?:s|ed|ing)?)"
    ),
    "attack": r"(?:kill|hurt|harm|stab|shoot|strangle|murder|attack|rape|batter|smother|drown)",
    "attacking": (
        r"(?:killing|hurting|harming|stabbing|shooting|strangling|murdering|attacking|smothering"
        r"|drowning|shaking)"
    ),
    "cannot": r"(?:cant|cannot|can not|couldnt|could not|can no longer|unable to)",
    "dont": r"(?:dont|doesnt|didnt|do not|does not|did not|no longer|wouldnt|would not)",
    "want": (
        r"(?:wants?|wanted|wanting|wish(?:es|ed|ing)?|plan(?:s|ned|ning)?|would like|id like|intends?"
        r"|going|gonna|hop(?:e|es|ed|ing)|try(?:ing)?|tried|tries|ready|thought about|prefers?)"
    ),
    "anymore": r"(?:any ?more|any ?longer|much longer|like this|tonight|living|with life|with this life)",
    "stop": r"(?:$|[.,]|(?:and|but|because|cos|so|i|im|she|he|they|now|please|without)\b)",
    "pills": r"(?:tablets?|pills?|paracetamols?|medications?|medicines?|meds|insulin|painkillers?|sleepers)",
    "not": r"(?:no|not|nil|denie[sd]|denying|deny|without|isnt|arent|wasnt)",
    "thought": r"(?:ideation|thoughts?|plans?|intent(?:ion)?s?|feelings?|risk|acts?)",
}

DANGER: Mapping[str, Sequence[str]] = {
    "suicide": (
        r"suici\w*",
        r"sucid\w*",
        r"suisid\w*",
        r"unaliv\w*",
        r"<kill> <self>",
        r"(?:tak(?:e|es|en|ing)|took) <whose> lives?",
        r"(?:tak(?:e|es|en|ing)|took) <whose> life",
        r"end(?:s|ed|ing)? (?:it all|<whose> li(?:fe|ves))",
        r"<want> to end it(?! with)",
        r"finish(?:ing)? it all",
        r"end(?:ing)? it (?:tonight|today|tomorrow|now)",
        r"end(?:ing)? everything",
        (
            r"(?:top|tops|topped|topping|hang|hangs|hanged|hung|hanging|drown|drowns|drowned|drowning"
            r"|shoot|shot|shooting|gas|gassed|gassing) <self>(?! around| out)"
        ),
        r"(?:do|does|did|doing|done) <self> in",
        r"do(?:ing)? away with <self>",
        (
            r"(?:jump|jumps|jumped|jumping|throw|throws|threw|throwing)(?: <self>)? (?:off|from|under"
            r"|in front of) (?:a|an|the|that|some)(?: \w+)? (?:bridge|roof|building|cliff|car park"
            r"|multi storey|train|lorry|bus|car|platform|balcony|flats|motorway)"
        ),
        (
            r"(?:step|walk|run)(?:s|ned|ped|ed|ping|ning|ing)? (?:out )?in front of (?:a|the)"
            r" (?:train|lorry|bus|car)(?! park| st)"
        ),
        r"overdos\w*",
        r"over dos(?:e|es|ed|ing)",
        r"(?:took|taken|taking|take) an od",
        (
            r"(?:took|taken|taking|take|takes|swallow(?:ed|ing)?|saving up|stockpil(?:e|es|ed|ing))"
            r" (?:all|too many|loads of|lots of|a lot of|a bottle of|a handful of|a box of|every one"
            r" of)? ?(?:all )?(?:of )?<whose> <pills>(?: at once)"
        ),
        (
            r"(?:took|taken|taking|take|takes|swallow(?:s|ed|ing)?) (?:all|too many|loads of|a bottle"
            r" of|a handful of|a box of|the whole box of)(?: of)?(?: <whose>)? <pills>"
        ),
        (
            r"(?:sav(?:e|es|ed|ing) up|stockpil(?:e|es|ed|ing)|hoard(?:s|ed|ing)?)(?: up)?(?:"
            r" <whose>)? <pills>"
        ),
        r"<want> to die(?! of laughing| laughing)",
        r"<want> to be dead",
        r"<want> (?:i|he|she|they) (?:was|were|had) (?:dead|never been born|died)",
        r"(?:rather|sooner) be dead",
        r"better off dead",
        (
            r"(?:better|happier) (?:off )?(?:without (?:me|him|her) (?:here|around)|if (?:i|he|she)"
            r" (?:was|were) (?:dead|gone)|if (?:i|he|she) (?:wasnt|werent|was not|were not) (?:here"
            r"|around|alive))"
        ),
        r"better off without (?:me|him|her|them)",
        r"<dont> <want> to (?:live|exist|be alive|wake up|go on living)",
        (
            r"(?:hop\w+|wish\w*|pray\w*) (?:\w+ ){0,3}(?:dont|doesnt|do not|does not|wouldnt|would"
            r" not|never|not) wake up"
        ),
        r"not <want>(?:ing)? to (?:live|be alive|wake up)",
        r"<dont> want to be (?:here|around|on this earth)(?: <anymore>| <stop>|$)",
        (
            r"(?:no|without a|any) (?:reason|point)(?: left)? (?:to|in|for|of) (?:live|living|going"
            r" on|carrying on|being alive|life|go on|carry on)"
        ),
        r"nothing(?: left)? to live for",
        r"(?:not|isnt|no longer|hardly) worth living",
        r"(?:tired|sick|weary) of (?:living|life|being alive)",
        r"(?:had|having) enough of (?:life|living|it all)",
        r"(?:given|giving|gave|give) up on (?:life|living)",
        r"(?:lost|losing|lose) the will to (?:live|carry on|go on)",
        r"<cannot> (?:go|keep going|carry|keep) on(?: \w+)? ?<anymore>",
        r"<cannot> (?:go|carry) on ?<stop>",
        r"<cannot> see (?:a|any) (?:way out|future)",
        r"<cannot> (?:take|stand|bear|face) (?:it|this|life)(?: all)? (?:<anymore>|<stop>)",
        r"<cannot> take any ?more",
        r"<cannot> (?:cope|live) (?:<anymore>|with it all)",
        r"(?:good ?bye|farewell) (?:note|letter|text|message)s?",
        r"say(?:s|ing)? (?:\w+ )?last good ?byes?",
        r"wont be (?:here|around)(?: for)? (?:much longer|long)",
        r"do(?:ing)? something (?:stupid|silly|daft|terrible)",
        r"voices? (?:\w+ ){0,2}tell\w* (?:me|him|her|them) to",
    ),
    "self-harm": (
        r"self ?harm\w*",
        r"self ?injur\w*",
        r"<hurt> <self>",
        (
            r"(?:cut|cuts|cutting|slit|slits|slitting|slash|slashed|slashing) <whose> (?:wrists?"
            r"|arms?|legs?|throat|thighs?)"
        ),
        r"(?:been|started|is|keeps|im|shes|hes) cutting(?: again| <stop>|$)",
    ),
    "violence": (
        (
            r"(?:going|gonna|threat\w*|want\w*|plan\w*|tried|trying|try|tries|urges?|promis\w+"
            r"|swor[en]|says hell|said hell|says shell|said shell|might|could|will|would|hell|shell"
            r"|theyll|ill|about) (?:to |try to )?<attack> <who>"
        ),
        (
            r"<they> (?:will|would|is going to|are going to|going to|could|might|has tried to|tried"
            r" to) <attack> <who>"
        ),
        (
            r"(?:thought|thoughts|thinking|talk|talks|talking|fantas\w+|afraid|frightened|scared)"
            r" (?:of|about) <attacking> <who>"
        ),
        (
            r"threat\w* (?:me|him|her|them|us|<kin>)(?: \w+){0,2} with(?: a)? (?:knife|gun|hammer|bat"
            r"|machete|acid|violence|death)"
        ),
        r"death threats?",
        (
            r"(?:he|she|they|who|partner|husband|wife|son|ex|boyfriend|girlfriend|dad|mum) (?:has|had"
            r"|have|got|carries|carried|keeps|pulled|held|pulls)(?: got| out)? a (?:knife|gun|machete"
            r"|weapon)"
        ),
        r"strangl(?:es|ed|ing)",
        r"chok(?:es|ed|ing) (?:me|her|him|them) (?:until|when|if|and|again|last|with)",
        r"(?:hands|hand) (?:round|around|on) <whose> (?:throat|neck)",
        (
            r"(?:beat|beats|beaten|beating) (?:me|her|him|them|us|<kin>)(?: up\b| black|(?: \w+){0,2}"
            r" (?:again|every|last night))"
        ),
        r"beaten up",
        r"beats? (?:her|him|them|us|<kin>)(?! at\b| to\b| in\b|s)(?= <stop>|$| when| if)",
        (
            r"(?:hits|hitting|punch(?:es|ed|ing)|slaps|slapped|slapping|kicks|kicked|kicking) (?:me"
            r"|her|him|them|us|<kin>)(?! out| off| hard| head| when i think| that| target| stride|"
            r" into touch| about)"
        ),
        (
            r"(?:being|getting|gets|been|was|is) (?:abused|battered|raped|assaulted|stabbed|strangled"
            r"|attacked|tortured)"
        ),
        r"(?:raped|raping|rapist|rapes)",
        r"sexual(?:ly)? (?:assault|abus)\w*",
        r"molest(?:s|ed|ing)",
    ),
    "fear": (
        (
            r"(?:scared|afraid|frightened|terrified|petrified) (?:of|for) (?:him|<kin>|her (?:life"
            r"|safety)|his (?:life|safety)|their (?:life|lives|safety)|my (?:life|safety))"
        ),
        r"fear(?:s|ed|ing|ful)? (?:for|of) <whose> (?:life|lives|safety)",
        r"(?:scared|afraid|frightened|terrified) (?:to go|of going) (?:home|back)",
        (
            r"(?:not|isnt|arent|never|dont feel|doesnt feel|im not|shes not|hes not)(?: feel|"
            r" feeling)? safe (?:tonight|at home|in <whose>(?: own)? (?:home|house|flat)|there|here"
            r"|now|to go home|with (?:him|her|<kin>))"
        ),
        r"unsafe (?:at home|tonight|with (?:him|her)|there|in <whose> (?:home|house|flat))",
        r"wont let (?:me|her|him|them) (?:leave|out|go out|go home|see anyone|use the phone)",
        r"lock(?:s|ed|ing) (?:me|her|him|them) (?:in|up)\b",
        r"held (?:hostage|captive|against <whose> will)",
        (
            r"(?:in|is in|grave|serious|immediate|real) danger(?! of (?!being|harm|death|dying"
            r"|suicide))(?! money| zone)"
        ),
        r"forced (?:marriage|to marry)",
        r"honour based",
    ),
    "life": (
        r"(?:not|isnt|stopped) breathing",
        r"<cannot> breathe(?! well| properly| easily| through| on| when| if)",
        r"(?:wont|not|doesnt|<cannot>) wak(?:e|ing) (?:him|her|them)",
        r"(?:is|hes|shes|found|lying) unconscious",
        r"(?:found|hes|shes|he is|she is|<kin> is) unresponsive",
        r"bleeding (?:heavily|badly|a lot)",
        r"having a (?:heart attack|stroke)",
    ),
}

HARMLESS: Sequence[str] = (
    # Said not to be so: clinicians write it into most letters.
    (
        r"<not> (?:(?:any|current|active|present|recent|history|expressed|reports?|reported|feeling"
        r"|at|of|or|nor|suicidal|<thought>) ){0,6}(?:suici(?:dal(?:ity)?|de)(?: <thought>)?|self"
        r" ?harm(?:ing)?|<thought> (?:of|to) (?:harm|harming|hurt|hurting) <self>)"
    ),
    # Somebody else's death, and what is done about it.
    (
        r"(?:bereaved|bereavement|loss|lost|lost <kin>|died|death) (?:by|to|through|after|from)"
        r" suicide"
    ),
    r"lost (?:\w+ ){1,3}to suicide",
    r"suicide (?:prevention|bereavement|awareness|survivors?|training|first aid|loss)",
    # Long ago.
    (
        r"(?:was|been|is|being) (?:sexually )?(?:abused|raped|assaulted|battered) (?:as a (?:child"
        r"|boy|girl|teenager|toddler)|in childhood|(?:many )?years ago)"
    ),
    r"sexual abuse (?:as a child|in childhood)",
    # Ways of speaking.
    (
        r"overdos(?:e|ed|es|ing) (?:of|on) (?:sunshine|sun|cakes?|chocolates?|sugar|tea|coffee|telly"
        r"|tv|television|news|christmas|sport|football|fun|bingo|culture|garlic|mince pies|sweets)"
    ),
    r"<kill> (?:<self>|me|himself|us)? ?(?:laughing|with laughter|with kindness)",
    (
        r"<kill> (?:time|two birds|an? hour|the (?:weeds|lawn|mood|pain|engine|conversation|evening"
        r"|slugs)|slugs|weeds|off|it on)"
    ),
    r"<kill> <self> (?:working|with work|to (?:finish|get|be|please))",
    r"(?:end|ending|ended|ends) it all (?:with|in) (?:a )?(?:cup|tea|cake|song|laugh|high)\w*",
    (
        r"(?:cut|cuts|cutting) <self> (?:off|some slack|a (?:slice|piece|new)|down|shaving|(?:while"
        r"|when|whilst) (?:shaving|cooking|chopping|gardening|slicing|peeling|opening)|(?:on|with)"
        r" (?:a|the|some) (?:tin|can|glass|knife|thorns?|saw|nail|fence|kitchen|broken|sharp)|by"
        r" accident|accidentally|chopping|peeling|gardening)"
    ),
    r"(?:accidentally|by accident) <hurt> <self>",
    (
        r"<hurt> <self> (?:by accident|accidentally|in (?:a|the|her|his) fall|falling|(?:when|after"
        r"|while) (?:\w+ )?(?:fell|fall|falling|tripped|slipped|gardening|lifting|playing|running"
        r"|moving|doing)|at (?:work|football|the gym|rugby|training)|playing|lifting|on the (?:stairs"
        r"|bus|step|ice|oven|cooker|stove|iron|kettle)|out\b|off\b)"
    ),
    r"(?:hurt|hurts|hurting) <self> (?:again )?(?:on the|in the garden|climbing|tripping|slipping)",
    r"took <whose> life (?:in hand|seriously|savings|forward)",
    r"tak(?:e|es|ing) <whose> life (?:in hand|forward|back|seriously|savings|story)",
    (
        r"(?:fear|scared|afraid|frightened) (?:of|for) <whose> (?:life|lives|safety) (?:on|when"
        r" crossing|drawing)"
    ),
    r"hang(?:s|ing)? <self> (?:up|out)",
    r"(?:want|wants|wanted) to die (?:of (?:laughter|embarrassment|shame)|happy|laughing)",
    r"hit(?:s|ting)? (?:me|her|him|them|us) (?:hard|for six|that|like)",
    r"kick(?:s|ed|ing)? (?:him|her|me|them) (?:out|off)",
    (
        r"(?:do|doing) something (?:silly|daft|stupid) (?:like|on|with|for|in) (?:the|a|karaoke|fun"
        r"|charity|stage|costume|bake|dancing|fancy)\b"
    ),
)
