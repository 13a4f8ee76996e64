"""Who may assume a role as Lightly, as a list of requests: what the proof of a trust policy and the guardrails ask."""

from lightly_core.lightly_rules import LIGHTLY_AWS_ACCOUNT

from lightly_policies.case import Case
from lightly_policies.evaluator.aws import Principal, Request


def trust_cases(external_id: str, account: str, *, trusted: str = LIGHTLY_AWS_ACCOUNT) -> tuple[Case, ...]:
    """Every case of a role's trust policy: who may assume the role, and with which external ID.

    Names hold no external ID. Each caller's own policies allow it everything: the trust policy alone must refuse.
    """
    lightly, stranger = _caller(trusted), _caller("666666666666" if trusted != "666666666666" else "777777777777")
    own = _caller(account)
    role = f"arn:aws:iam::{account}:role/lightly/lightly"
    wrong = {
        "a wrong external ID": "0" * 10 if external_id != "0" * 10 else "1" * 10,
        "a longer external ID": f"{external_id}0",
        "a shorter external ID": external_id[:-1],
        "`*` as external ID": "*",
    }
    if external_id.swapcase() != external_id:
        wrong["the external ID in other case"] = external_id.swapcase()

    def ask(who: Principal, with_id: str | None, action: str = "sts:AssumeRole") -> Request:
        context = {} if with_id is None else {"sts:ExternalId": (with_id,)}
        return Request(who, action, role, account, context)

    return (
        Case("Lightly assumes the role with the external ID", "assume", ask(lightly, external_id), True, inside=True),
        Case("Lightly assumes the role without external ID", "assume", ask(lightly, None), False),
        *(Case(f"Lightly assumes the role with {what}", "assume", ask(lightly, i), False) for what, i in wrong.items()),
        Case("a third account assumes the role with the external ID", "assume", ask(stranger, external_id), False),
        Case("a third account assumes the role without it", "assume", ask(stranger, None), False),
        Case("an identity of the own account assumes the role", "assume", ask(own, external_id), False),
        Case(
            "an anonymous caller assumes the role", "assume", ask(Principal("*", "", "anonymous"), external_id), False
        ),
        *(
            Case(f"Lightly calls {action}", None, ask(lightly, external_id, action), False)
            for action in ("sts:TagSession", "sts:SetSourceIdentity", "sts:AssumeRoleWithSAML")
        ),
        Case(
            "Lightly calls sts:AssumeRoleWithWebIdentity",
            None,
            ask(lightly, external_id, "sts:AssumeRoleWithWebIdentity"),
            False,
        ),
    )


def _caller(account: str) -> Principal:
    return Principal(f"arn:aws:iam::{account}:user/caller", account, "user", user_id="AIDACALLER")
