"""Buckets over the JSON API: https://cloud.google.com/storage/docs/json_api/v1/buckets."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from lightly_sandbox.emulators.messages import Answer, json_answer
from lightly_sandbox.kinds.gcs.emulator import bucket_rules, names, policy
from lightly_sandbox.kinds.gcs.emulator.buckets import Bucket
from lightly_sandbox.kinds.gcs.emulator.errors import RefusedError, invalid, not_implemented, precondition
from lightly_sandbox.kinds.gcs.emulator.request_context import RequestContext
from lightly_sandbox.kinds.gcs.emulator.roles import custom_project
from lightly_sandbox.kinds.gcs.emulator.times import millis

_KEPT = frozenset(
    {"iamConfiguration", "labels", "lifecycle", "location", "softDeletePolicy", "storageClass", "versioning"}
)
_COMPUTED = frozenset(
    {"id", "kind", "name", "etag", "selfLink", "projectNumber", "metageneration", "timeCreated", "updated"}
)
_MULTI = ("US", "EU", "ASIA")
_SOFT_DELETE_SECONDS = "604800"


def insert(context: RequestContext) -> Answer:
    """A new bucket in the project of the query."""
    project, given = context.call.query.get("project", ""), context.call.json()
    context.needs_project("storage.buckets.create", project, f"projects/{project}")
    name = str(given.get("name", ""))
    names.check_bucket(name)
    there = context.store.buckets.get(name)
    if there is not None:
        mine = there.project == project
        own = "Your previous request to create the named bucket succeeded and you already own it."
        taken = (
            "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
        )
        message = own if mine else taken + "Please select a different name and try again."
        raise RefusedError(409, "conflict", message, "BucketAlreadyOwnedByYou" if mine else "BucketAlreadyExists")
    bucket = Bucket(name, project, context.now, {}, policy.default(project), updated=context.now)
    start = {"location": "US", "storageClass": "STANDARD"}
    bucket.settings = _settings(start, given, context.now)
    soft = bucket.settings.setdefault("softDeletePolicy", {"retentionDurationSeconds": _SOFT_DELETE_SECONDS})
    soft.setdefault("effectiveTime", millis(context.now))
    context.store.buckets[name] = bucket
    return json_answer(200, show(bucket, context))


def get(context: RequestContext, bucket: str) -> Answer:
    found = context.store.bucket(bucket)
    context.needs_bucket("storage.buckets.get", found)
    return json_answer(200, show(found, context))


def listing(context: RequestContext) -> Answer:
    project = context.call.query.get("project", "")
    context.needs_project("storage.buckets.list", project, f"projects/{project}")
    prefix = context.call.query.get("prefix", "")
    mine = [
        entry
        for name, entry in sorted(context.store.buckets.items())
        if entry.project == project and name.startswith(prefix)
    ]
    return json_answer(200, {"kind": "storage#buckets", "items": [show(own, context) for own in mine]})


def patch(context: RequestContext, bucket: str) -> Answer:
    """Change settings; null takes one away."""
    found = context.store.bucket(bucket)
    context.needs_bucket("storage.buckets.update", found)
    wanted = context.call.number("ifMetagenerationMatch")
    if wanted is not None and wanted != found.metageneration:
        raise precondition()
    given = context.call.json()
    if "location" in given and str(given["location"]).upper() != found.settings["location"]:
        raise invalid("Bucket location cannot be changed.")
    found.settings = _settings(found.settings, given, context.now)
    found.metageneration, found.updated = found.metageneration + 1, context.now
    return json_answer(200, show(found, context))


def delete(context: RequestContext, bucket: str) -> Answer:
    """Only an empty one; old versions count."""
    found = context.store.bucket(bucket)
    context.needs_bucket("storage.buckets.delete", found)
    if found.objects or found.noncurrent:
        raise RefusedError(409, "conflict", "The bucket you tried to delete is not empty.", "BucketNotEmpty")
    del context.store.buckets[bucket]
    return Answer(204)


def get_policy(context: RequestContext, bucket: str) -> Answer:
    """The IAM policy; one with conditions only to a caller who knows version 3."""
    found = context.store.bucket(bucket)
    context.needs_bucket("storage.buckets.getIamPolicy", found)
    requested = context.call.number("optionsRequestedPolicyVersion") or 1
    if requested not in (1, 3):
        raise invalid(f"Requested policy version ({requested}) must be 1 or 3.")
    if requested < found.policy.version:
        have = found.policy.version
        raise invalid(
            f"Requested policy version ({requested}) cannot be less than the existing policy version ({have})."
        )
    return json_answer(200, found.policy.show(bucket, context.cloud.uid_of()))


def set_policy(context: RequestContext, bucket: str) -> Answer:
    """Replace the IAM policy: 412 when the etag is not the present one."""
    found, given = context.store.bucket(bucket), context.call.json()
    context.needs_bucket("storage.buckets.setIamPolicy", found)
    if given.get("etag") not in (None, "", found.policy.etag):
        raise precondition()
    bindings = policy.read(given, context.cloud.uid_of(), context.now)
    bucket_rules.check_bindings((each.role, each.member, dict(each.condition)) for each in bindings)
    for binding in bindings:
        _check_role(context, found, binding.role)
        if binding.member in policy.EVERYBODY and found.prevented:
            message = (
                "The member bindings allUsers and allAuthenticatedUsers are not allowed since public access prevention"
            )
            raise RefusedError(412, "conditionNotMet", f"{message} is enforced.", "PreconditionFailed")
        if binding.condition and not found.uniform:
            message = "To add an IAM condition to a bucket's policy, you must enable uniform bucket-level access."
            raise RefusedError(412, "conditionNotMet", message, "PreconditionFailed")
    found.policy.replace(bindings)
    return json_answer(200, found.policy.show(bucket, context.cloud.uid_of()))


def test_permissions(context: RequestContext, bucket: str) -> Answer:
    """Which of the asked permissions the caller has on the bucket itself."""
    found = context.store.bucket(bucket)
    asked = [value for name, value in parse_qsl(context.call.raw_query) if name == "permissions"]
    allowed = [permission for permission in asked if context.cloud.authoriser.allows(context.caller, permission, found)]
    context.action = "storage.buckets.testIamPermissions"
    answer: dict[str, Any] = {"kind": "storage#testIamPermissionsResponse"}
    return json_answer(200, {**answer, "permissions": allowed} if allowed else answer)


def show(bucket: Bucket, context: RequestContext) -> dict[str, Any]:
    """The resource as the API answers it."""
    location = bucket.settings["location"]
    projects = sorted(context.cloud.administrators)
    return {
        "kind": "storage#bucket",
        "id": bucket.name,
        "name": bucket.name,
        "selfLink": f"https://www.googleapis.com/storage/v1/b/{bucket.name}",
        "projectNumber": str(100000000001 + projects.index(bucket.project)),
        "metageneration": str(bucket.metageneration),
        "etag": f"CA{bucket.metageneration}=",
        "timeCreated": millis(bucket.created),
        "updated": millis(bucket.updated),
        "locationType": "multi-region" if location in _MULTI else "region",
        **bucket.settings,
    }


def _check_role(context: RequestContext, bucket: Bucket, role: str) -> None:
    foreign = custom_project(role) not in (None, f"projects/{bucket.project}")
    if foreign or not context.cloud.roles.known(role):
        known_before = any(binding.role == role for binding in bucket.policy.bindings)
        if not known_before:  # a binding of a role that was deleted since may stay
            raise invalid(f"Role {role} does not exist in the resource's hierarchy.")


def _settings(now: Mapping[str, Any], given: Mapping[str, Any], time: float) -> dict[str, Any]:
    """The settings after a change. Raises RefusedError for those that the local cloud does not know."""
    for name in given.keys() - _KEPT - _COMPUTED:
        if given[name] not in (None, {}, [], False):
            raise not_implemented(f"the bucket setting {name}")
    merged = {**now, **{name: value for name, value in given.items() if name in _KEPT}}
    for name in ("labels", "versioning", "iamConfiguration", "softDeletePolicy"):
        if isinstance(given.get(name), dict):
            merged[name] = {**(now.get(name) or {}), **given[name]}
    merged["labels"] = {key: value for key, value in (merged.get("labels") or {}).items() if value is not None}
    merged["location"] = str(merged["location"]).upper()
    bucket_rules.check_settings(merged)
    _check_iam(merged.setdefault("iamConfiguration", {}), time)
    return {name: value for name, value in merged.items() if value is not None and value != {}}


def _check_iam(configuration: dict[str, Any], time: float) -> None:
    if configuration.setdefault("publicAccessPrevention", "inherited") not in ("inherited", "enforced"):
        raise invalid("Invalid argument: publicAccessPrevention is `inherited` or `enforced`.")
    uniform = dict(configuration.get("uniformBucketLevelAccess") or {"enabled": False})
    if uniform.get("enabled"):
        uniform.setdefault("lockedTime", millis(time + 90 * 86400))
    else:
        uniform.pop("lockedTime", None)
    configuration["uniformBucketLevelAccess"] = uniform
    configuration["bucketPolicyOnly"] = dict(uniform)
