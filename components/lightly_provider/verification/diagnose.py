"""A red light -> its likely cause and the fix. Pure.

The causes are ranked: the first whose words are in the error's text is given. Each cloud has its own tree.
"""

from lightly_access.kinds.azure import causes as azure_causes
from lightly_access.kinds.cause import Cause, RedLight, Tree
from lightly_access.kinds.gcs import causes as gcs_causes
from lightly_access.kinds.local import causes as local_causes
from lightly_access.kinds.obs import causes as obs_causes
from lightly_access.kinds.s3 import causes as s3_causes
from lightly_core.capability import expected

_TREES = {"s3": s3_causes.TREE, "azure": azure_causes.TREE, "gcs": gcs_causes.TREE, "obs": obs_causes.TREE}


def diagnose(red: RedLight) -> Cause:
    """The likely cause of a red light."""
    if not red.expected and red.actual is not None:
        return local_causes.too_much(red) if red.access.access == local_causes.MOUNT else _too_much(red)
    if red.actual is None:
        return Cause(
            f"nobody could tell: Lightly's verification does not speak of {red.capability}"
            + (", and there is no proof" if red.proof is None else "")
            + (f"; the probe says: {red.error}" if red.error else ""),
            "run `pulumi up` again; if it stays so, ask Lightly's support, or give the proof of the documents",
            mendable_by_waiting=True,
        )
    cause = local_causes.too_little(red) if red.access.access == local_causes.MOUNT else _too_little(red)
    speaker = "the probe was told" if red.by_probe else "Lightly says"
    words = f" ({speaker}: {_short(red.error)})" if red.error else ""
    doubt = "" if red.certain else "; the answer does not say which datasource it means, so both are marked"
    return Cause(f"{cause.text}{words}{doubt}", cause.fix, cause.mendable_by_waiting)


def _tree(red: RedLight) -> Tree:
    return _TREES.get(red.access.kind, s3_causes.TREE)


def _too_much(red: RedLight) -> Cause:
    tree, who = _tree(red), red.access.identity
    if red.access.given:
        return obs_causes.too_much(red, tree.said(red))
    action = tree.actions[red.capability]
    if expected(red.purpose)[red.capability]:
        return _not_hardened(red, tree, action)
    if red.proof:
        return Cause(
            f"more rights than needed: our own documents allow {action} in {red.access.path} to {who}",
            f"take {action} out of the {red.purpose} grant",
            mendable_by_waiting=False,
        )
    return Cause(
        f"more rights than needed: our documents refuse {action} in {red.access.path}, and yet it is possible: "
        f"{tree.others.format_map(tree.said(red))} allows it",
        f"{tree.put_back}; then look for others that grant it to {who}",
        mendable_by_waiting=True,  # a permission that was just taken away ends seconds later
    )


def _not_hardened(red: RedLight, tree: Tree, action: str) -> Cause:
    """The purpose has it, and Lightly's own servers must not: `hardened`."""
    where = f"{action} in {red.access.path} is for your network only, and Lightly's own servers can do it"
    if red.proof:
        return Cause(
            f"the hardening does not hold: {where}: our own documents allow it to {red.access.identity} from anywhere",
            f"bind {action} to the network in the {red.purpose} grant",
            mendable_by_waiting=False,
        )
    others = tree.others.format_map(tree.said(red))
    return Cause(
        f"the hardening does not hold: {where}: {others} allows it, or one of `cidrs` holds Lightly's addresses",
        f"{tree.put_back}; then look for others that grant it to {red.access.identity}, and compare `cidrs`",
        mendable_by_waiting=True,  # the policy of before, which was open, ends seconds later
    )


def _too_little(red: RedLight) -> Cause:
    tree = _tree(red)
    if red.proof is False:
        action = tree.actions[red.capability]
        return Cause(
            f"our own documents do not allow {action} in {red.access.path} to {red.access.identity}",
            f"add {action} to the {red.purpose} grant",
            mendable_by_waiting=False,
        )
    if cause := tree.cause(red):
        return cause
    if red.access.given:
        return obs_causes.too_little(red, tree.said(red))
    if red.by_probe and not red.error:
        return Cause("the probe could not do it", tree.put_back, mendable_by_waiting=True)
    if not red.error:
        return Cause("Lightly refuses it and gives no reason", tree.put_back, mendable_by_waiting=True)
    return Cause(
        "the store refuses it" if red.by_probe else "Lightly refuses it",
        f"{tree.put_back}; if its words name another reason, follow them",
        mendable_by_waiting=True,
    )


def _short(text: str) -> str:
    """AWS says who and what at the start, and which policy at the end. Whole words, where they are not endless."""
    if len(text) <= 430:
        return text
    start, end = text.find(" ", 230, 290), text.rfind(" ", len(text) - 250, len(text) - 190)
    start, end = (230 if start < 0 else start), (len(text) - 191 if end < 0 else end)
    return text if end <= start else f"{text[:start]} ... {text[end + 1 :]}"
