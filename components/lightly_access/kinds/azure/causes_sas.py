"""Causes in the words of Azure that are about the token itself: its times, its signature, its policy, its parts.

https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas (the delegation key has times of its
own), https://learn.microsoft.com/rest/api/storageservices/define-stored-access-policy (who gives a token its end).
"""

from lightly_access.kinds.cause import Sign

SIGNS = (
    Sign(
        "azure-delegation-key-over",
        "specified key time frame|signed key (?:start|expiry)|user delegation key .{0,60}(?:expired|revoked)",
        "the user delegation key that signed the SAS {who} is over, or has not begun: it lives for 7 days at most, and "
        "the token ends with it",
        "run `pulumi up`: a new period has a new key; with `sas: user_delegation` that is needed every few days, as "
        "`rotate_after` says",
        False,
        external="give another token: this one was signed with a user delegation key, which lives for 7 days at most",
    ),
    Sign(
        "azure-sas-outside-its-times",
        r"not valid in the specified time frame: (?P<frame>Start [^<]*?Current \[[^\]]*\])",
        "the SAS {who} is not valid at this time ({frame})",
        "{next}; look at the clock of whoever asked, too",
        False,
    ),
    Sign(
        "azure-sas-without-end",
        r"expiry (?:time )?must be specified|(?:signed ?expiry|\bse\b)\)? (?:is mandatory|is missing)",
        "the SAS {who} has no end: the token names none (`se`), and no stored access policy gives it one",
        "{renew}",
        False,
    ),
    Sign(
        "azure-sas-times-wrong",
        r"expiry time .{0,80}(?:after|greater|later)|time window more than",
        "the SAS {who} ends before it begins, or lasts longer than it may without a stored access policy",
        "{renew}",
        False,
    ),
    Sign(
        "azure-sas-expired",
        "not valid in the specified time frame|Signed expiry",
        "the SAS {who} has expired, or begins later",
        "{next}",
        False,
    ),
    Sign(
        "azure-sas-incomplete",
        r"\b(?:s[a-z]{1,4}|sig) is mandatory|(?:sp|sr|sv|sig)\b.{0,20}Cannot be empty|"
        r"(?:Invalid|missing|malformed) .{0,40}(?:shared access signature|SAS token)",
        "the registered token is no whole SAS: a part of it is missing",
        "{renew}",
        False,
    ),
    Sign(
        "azure-sas-malformed",
        r"\b(?:s[a-z]{1,4}|sig)\b (?:is|has)(?: an?)? (?:not |in)(?:valid|(?:in (?:the )?)?correct|supported)|"
        r"signed (?:version|permissions?|resource|protocol|services?) .{0,60}(?:not valid|invalid|not supported)|"
        r"Invalid(?:Sas|Authentication)\w*Parameter|not correctly formatted.{0,80}(?:SAS|signature)",
        "a part of the registered token has a value that Azure does not take: it was written by hand, or cut on "
        "its way",
        "{renew}",
        False,
    ),
    Sign(
        "azure-delegation-key-parts",
        r"\bsk(?:oid|tid|t|e|s|v)\b|(?:signed|user delegation) key (?:object|tenant|service|version)|"
        r"user delegation .{0,60}(?:object id|tenant|does not match)",
        "the parts of the token that name its user delegation key do not fit together: who asked for the key, in which "
        "tenant, until when",
        "{renew}",
        False,
    ),
    Sign(
        "azure-sas-signature",
        "Signature did not match|MAC signature found",
        "the SAS {who} was not signed with a key that the account has now: the key was regenerated, or the token was "
        "changed on its way",
        "{renew}",
        False,
    ),
    Sign(
        "azure-no-stored-policy",
        "signed identifier|SAS identifier",
        "there is no stored access policy for the SAS {who}: it was dropped, which revokes the token, or it is so new "
        "that not every server knows it",
        "wait half a minute if it is new; else {renew}",
        True,
    ),
)
