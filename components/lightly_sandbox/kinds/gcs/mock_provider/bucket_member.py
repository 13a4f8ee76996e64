"""gcp:storage/bucketIAMMember:BucketIAMMember: one member of one role of a bucket's policy; the rest of it stays.

Sources: https://www.pulumi.com/registry/packages/gcp/api-docs/storage/bucketiammember/ and
https://github.com/hashicorp/terraform-provider-google/blob/main/google/tpgiamresource/resource_iam_member.go. The
policy is read, changed and written with its etag; who comes second is told so (412) and starts again.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from lightly_sandbox.kinds.gcs.mock_provider.errors import ApiError, found
from lightly_sandbox.kinds.gcs.mock_provider.work import Work
from lightly_sandbox.mock_providers.resource import Created, Facts, Found, RefusedError

_VERSION = 3
_PARTS = ("title", "description", "expression")


class BucketIamMember:
    """Read, modify, write."""

    def create(self, work: Work, inputs: Facts) -> Created:
        """Add the member to the binding of its role and condition, or add a binding."""

        def add(bindings: list[dict[str, Any]]) -> bool:
            for entry in bindings:
                if _same(entry, inputs):
                    if inputs["member"] not in entry["members"]:
                        entry["members"].append(inputs["member"])
                    return True
            condition = _condition(inputs.get("condition"))
            binding = {"role": inputs["role"], "members": [inputs["member"]]}
            bindings.append({**binding, "condition": condition} if condition else binding)
            return True

        policy = _change(work, _bucket(inputs["bucket"]), add)
        return Created(_id(inputs), {"etag": policy["etag"]})

    def read(self, work: Work, id: str, state: Facts) -> Found | None:
        """The binding, if the member is in it."""
        wanted = state or _imported(id)
        policy = found(lambda: _policy(work, _bucket(wanted["bucket"])))
        for entry in (policy or {}).get("bindings", ()):
            titled = (entry.get("condition") or {}).get("title") == wanted.get("title")
            same = _same(entry, wanted) if state else entry["role"] == wanted["role"] and titled
            if same and wanted["member"] in entry["members"]:
                assert policy is not None
                facts = {"bucket": f"b/{_bucket(wanted['bucket'])}", "role": entry["role"], "member": wanted["member"]}
                facts |= {"condition": _condition(entry.get("condition")), "etag": policy["etag"]}
                return Found(_id(facts), facts)
        return None

    def update(self, _work: Work, _id: str, _state: Facts, _inputs: Facts, _changed: frozenset[str]) -> Facts:
        """Nothing of it can be changed: every input replaces it."""
        return {}

    def delete(self, work: Work, _id: str, state: Facts) -> None:
        """Take the member out; a binding without members goes too."""

        def remove(bindings: list[dict[str, Any]]) -> bool:
            mine = [entry for entry in bindings if _same(entry, state) and state["member"] in entry["members"]]
            for own in mine:
                own["members"].remove(state["member"])
            bindings[:] = [binding for binding in bindings if binding["members"]]
            return bool(mine)

        found(lambda: _change(work, _bucket(state["bucket"]), remove))


def same_bucket(left: str, right: str) -> bool:
    """Whether two spellings name one bucket: the provider calls it `b/<name>`."""
    return _bucket(left) == _bucket(right)


def _bucket(name: str) -> str:
    return name.rpartition("/")[2]


def _path(bucket: str) -> str:
    return f"/storage/v1/b/{quote(bucket, safe='')}/iam"


def _policy(work: Work, bucket: str) -> dict[str, Any]:
    policy: dict[str, Any] = work.get(_path(bucket), optionsRequestedPolicyVersion=str(_VERSION))
    return policy


def _change(work: Work, bucket: str, change: Callable[[list[dict[str, Any]]], bool]) -> dict[str, Any]:
    """Read, modify, write, again while somebody else was first; the policy afterwards."""

    def once() -> dict[str, Any]:
        policy = _policy(work, bucket)
        bindings = policy.setdefault("bindings", [])
        if not change(bindings):
            return policy
        body = {"version": _VERSION, "etag": policy["etag"], "bindings": bindings}
        answer: dict[str, Any] = work.send("PUT", _path(bucket), body)
        return answer

    with work.session.policy_lock(bucket):
        return work.patiently(once, _passes)


def _passes(error: ApiError) -> bool:
    """Another writer, or a new account that is not known everywhere yet."""
    conflict = error.status in (409, 412) and "pre-conditions" in error.message
    unknown = error.status == 400 and error.message.startswith("Service account") and "does not exist" in error.message
    return conflict or unknown


def _condition(given: Mapping[str, Any] | None) -> dict[str, str] | None:
    return {name: given[name] for name in _PARTS if given.get(name)} if given else None


def _same(binding: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    alike = _condition(binding.get("condition")) == _condition(wanted.get("condition"))
    return bool(binding["role"] == wanted["role"] and alike)


def _id(facts: Facts) -> str:
    """`b/<bucket>/<role>/<member>`, then the condition's title, description and expression as the provider has them."""
    start = f"b/{_bucket(facts['bucket'])}/{facts['role']}/{facts['member']}"
    condition = facts.get("condition")
    return "/".join((start, *(condition.get(part) or "" for part in _PARTS))) if condition else start


def _imported(id: str) -> Facts:
    parts = id.split(" ", 3)
    if len(parts) < 3:
        raise RefusedError(
            f"got the import id {id!r}, expected `b/<bucket> <role> <member> [<title of the condition>]`"
        )
    bucket, role, member = parts[:3]
    return {"bucket": bucket, "role": role, "member": member, "title": parts[3] if len(parts) > 3 else None}
