"""Causes that are read from no words of a service: from what our documents permit, who made the credential, who asked.

The texts and fixes of every kind of store are filled in by `Tree.said`; `Sign` has those that words tell.
"""

from lightly_access.kinds.cause import MEND, Known

_REACHES = "reaches beyond {path}: it can {can} in a directory beside it"
_HARDENING = (
    "the hardening does not hold: {action} in {path} is for your network only, and Lightly's own servers can do it"
)
_FOLLOW = "{put_back}; if its words name another reason, follow them"
_AGAIN = "`pulumi up --refresh` registers ours again"

GRANTS_TOO_MUCH = Known(
    "access-grants-too-much",
    "more rights than needed: our own documents allow {action} in {path} to {who}",
    "take {action} out of the {purpose} grant",
    False,
)
GRANTS_TOO_LITTLE = Known(
    "access-grants-too-little",
    "our own documents do not allow {action} in {path} to {who}",
    "add {action} to the {purpose} grant",
    False,
)
WIDENED_BY_OTHERS = Known(
    "access-widened-by-others",
    "more rights than needed: our documents refuse {action} in {path}, and yet it is possible: {others} allows it",
    "{put_back}; then look for others that grant it to {who}",
    True,  # a permission that was just taken away ends seconds later
)
BEYOND_PATH = Known("beyond-path", f"{{who}} {_REACHES}", MEND, False)
ACCESS_BEYOND_PATH = Known(
    "access-beyond-path", f"{{credential}} {{who}} {_REACHES}, which our documents refuse", "{look}", True
)
EXTERNAL_BEYOND_PATH = Known(
    "external-beyond-path",
    f"{{credential}} {{who}} {_REACHES}",
    "bind it to the path where it was made, or accept it: `whole_bucket: true`",
    False,
)
EXTERNAL_TOO_MUCH = Known(
    "external-too-much",
    "more rights than needed: the external {word} {who} can do it in {path} ({how})",
    "give one that may only {wanted}, and end this one where it was made, or take the right from it there",
    False,
)
EXTERNAL_REFUSED = Known(
    "external-refused",
    "{credential} {who} cannot do it in {path}",
    "follow the service's words; it needs to {wanted}; does {belongs}?",
    True,
)
HARDENING_NOT_IN_DOCUMENTS = Known(
    "hardening-not-in-documents",
    f"{_HARDENING}: our own documents allow it to {{who}} from anywhere",
    "bind {action} to the network in the {purpose} grant",
    False,
)
HARDENING_UNDONE_BY_OTHERS = Known(
    "hardening-undone-by-others",
    f"{_HARDENING}: {{others}} allows it, or one of `cidrs` holds Lightly's addresses",
    "{put_back}; then look for others that grant it to {who}, and compare `cidrs`",
    True,  # the policy of before, which was open, ends seconds later
)
PROBE_COULD_NOT = Known("probe-could-not", "the probe could not do it", "{put_back}", True)
NO_REASON = Known("lightly-gives-no-reason", "Lightly refuses it and gives no reason", "{put_back}", True)
STORE_REFUSES = Known("store-refuses", "the store refuses it", _FOLLOW, True)
LIGHTLY_REFUSES = Known("lightly-refuses", "Lightly refuses it", _FOLLOW, True)
NOBODY_COULD_TELL = Known(
    "nobody-could-tell",
    "nobody could tell: Lightly's verification does not speak of {capability}{more}",
    "run `pulumi up` again; if it stays so, ask Lightly's support, or give the proof of the documents",
    True,
)
NOT_PROBED = Known(
    "not-probed",
    "not known: no document of ours grants this credential, Lightly does not look, and the probe is switched off",
    "set `probe: true` in lightly-access:verify, and deploy from where the store can be reached",
    False,
)
EXTERNAL_NOT_KNOWN = Known(
    "external-not-known",
    "not known: no document of ours grants this {word}, Lightly does not look, and {obstacle}",
    "compare it with what is needed: `lightly-access audit` does, and reports what is too wide",
    False,
)
NOTHING_REGISTERED = Known("nothing-registered", "nothing is registered at Lightly, expected {ours}", _AGAIN, False)
ANOTHER_REGISTERED = Known(
    "another-registered",
    "somebody registered another one: {there}, expected {ours}",
    f"find out who: two stacks cannot share a dataset; {_AGAIN}, and their secret is then lost",
    False,
)
UNSTEADY = Known(
    "verification-deadline",
    "only {good} of {times} good answers in a row within {limit} s",
    "run `pulumi up` again, or give it a longer `deadline`",
    False,
)
NEVER_VERIFIED = Known("never-verified", "it was never verified", "run `pulumi up`: it verifies it", False)

GENERAL = tuple(known for known in dict(globals()).values() if isinstance(known, Known))
"""All of these."""
