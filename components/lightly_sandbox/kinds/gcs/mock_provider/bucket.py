"""gcp:storage/bucket:Bucket.

Sources: https://www.pulumi.com/registry/packages/gcp/api-docs/storage/bucket/ and
https://github.com/hashicorp/terraform-provider-google/blob/main/google/services/storage/resource_storage_bucket.go.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from lightly_sandbox.kinds.gcs.mock_provider.errors import ApiError, found
from lightly_sandbox.kinds.gcs.mock_provider.work import Work
from lightly_sandbox.mock_providers.resource import Created, Facts, Found, RefusedError

ATTRIBUTION = {"goog-pulumi-provisioned": "true"}
"""The label that Pulumi's provider puts on what it makes: https://www.pulumi.com/registry/packages/gcp/api-docs/provider/
(addPulumiAttributionLabel, true unless it is switched off)."""
_CONDITIONS = {
    "age": "age",
    "daysSinceNoncurrentTime": "daysSinceNoncurrentTime",
    "numNewerVersions": "numNewerVersions",
    "matchesPrefixes": "matchesPrefix",
    "matchesSuffixes": "matchesSuffix",
}
_STATES = {"LIVE": True, "ARCHIVED": False}


class Bucket:
    """One call to make it, one to read it, one to change it."""

    def create(self, work: Work, inputs: Facts) -> Created:
        """Make it with all of its settings."""
        body = {**_body(inputs), "name": inputs["name"], "location": inputs["location"]}
        project = work.project_of(inputs)
        answer = work.send("POST", "/storage/v1/b", body, project=project)
        return Created(answer["name"], {**_facts(answer), "project": project})

    def read(self, work: Work, id: str, state: Facts) -> Found | None:
        """All of its settings. The API does not say its project, so that comes from the state or the provider."""
        answer = found(lambda: work.get(_path(id)))
        if answer is None:
            return None
        return Found(answer["name"], {**_facts(answer), "project": work.project_of(state)})

    def update(self, work: Work, id: str, state: Facts, inputs: Facts, changed: frozenset[str]) -> Facts:
        """What changed, in one call; labels and rules that are gone are taken away."""
        if changed == {"forceDestroy"}:
            return {}
        body = _body(inputs)
        gone = (state.get("labels") or {}).keys() - (inputs.get("labels") or {}).keys()
        body["labels"] |= dict.fromkeys(gone)
        body.setdefault("lifecycle", None)
        return _facts(work.send("PATCH", _path(id), body))

    def delete(self, work: Work, id: str, state: Facts) -> None:
        """An empty bucket, or one that may be emptied."""
        if state.get("forceDestroy"):
            found(lambda: _empty(work, id))
        try:
            found(lambda: work.send("DELETE", _path(id)))
        except ApiError as error:
            if error.status == 409 and not state.get("forceDestroy"):
                hint = "hint: move them away, or set forceDestroy"
                raise RefusedError(f"googleapi: Error 409: the bucket {id} holds objects\n{hint}") from error
            raise


def _path(bucket: str) -> str:
    return f"/storage/v1/b/{quote(bucket, safe='')}"


def _empty(work: Work, bucket: str) -> None:
    """Delete every object and every old version."""
    while items := work.get(f"{_path(bucket)}/o", versions="true").get("items"):
        for item in items:
            path = f"{_path(bucket)}/o/{quote(item['name'], safe='')}"
            found(lambda path=path, item=item: work.send("DELETE", path, generation=item["generation"]))  # type: ignore[misc] # bound at once


def _body(inputs: Facts) -> dict[str, Any]:
    """The settings that the inputs name, as the API writes them."""
    body: dict[str, Any] = {"labels": {**(inputs.get("labels") or {}), **ATTRIBUTION}}
    iam: dict[str, Any] = {}
    if inputs.get("uniformBucketLevelAccess") is not None:
        iam["uniformBucketLevelAccess"] = {"enabled": inputs["uniformBucketLevelAccess"]}
    if inputs.get("publicAccessPrevention"):
        iam["publicAccessPrevention"] = inputs["publicAccessPrevention"]
    if iam:
        body["iamConfiguration"] = iam
    if inputs.get("storageClass"):
        body["storageClass"] = inputs["storageClass"]
    if inputs.get("versioning"):
        body["versioning"] = {"enabled": bool(inputs["versioning"].get("enabled"))}
    if inputs.get("softDeletePolicy"):
        seconds = inputs["softDeletePolicy"].get("retentionDurationSeconds", 604800)
        body["softDeletePolicy"] = {"retentionDurationSeconds": str(seconds)}
    if inputs.get("lifecycleRules"):
        body["lifecycle"] = {"rule": [_rule(rule) for rule in inputs["lifecycleRules"]]}
    return body


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    given = rule.get("condition") or {}
    condition = {theirs: given[ours] for ours, theirs in _CONDITIONS.items() if given.get(ours) not in (None, [])}
    if given.get("withState") in _STATES:
        condition["isLive"] = _STATES[given["withState"]]
    return {"action": {k: v for k, v in rule["action"].items() if v}, "condition": condition}


def _shown_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    given = rule.get("condition") or {}
    condition = {ours: given[theirs] for ours, theirs in _CONDITIONS.items() if theirs in given}
    if "isLive" in given:
        condition["withState"] = "LIVE" if given["isLive"] else "ARCHIVED"
    return {"action": dict(rule["action"]), "condition": condition}


def _facts(answer: Mapping[str, Any]) -> Facts:
    iam, soft = answer.get("iamConfiguration") or {}, answer.get("softDeletePolicy") or {}
    labels = dict(answer.get("labels") or {})
    versioning = answer.get("versioning")
    rules = (answer.get("lifecycle") or {}).get("rule") or ()
    return {
        "name": answer["name"],
        "location": answer["location"],
        "storageClass": answer["storageClass"],
        "uniformBucketLevelAccess": bool((iam.get("uniformBucketLevelAccess") or {}).get("enabled")),
        "publicAccessPrevention": iam.get("publicAccessPrevention"),
        "versioning": {"enabled": bool(versioning.get("enabled"))} if versioning else None,
        "lifecycleRules": [_shown_rule(rule) for rule in rules] or None,
        "softDeletePolicy": {
            "retentionDurationSeconds": int(soft.get("retentionDurationSeconds", 0)),
            **({"effectiveTime": soft["effectiveTime"]} if "effectiveTime" in soft else {}),
        },
        "labels": {key: value for key, value in labels.items() if key not in ATTRIBUTION} or None,
        "effectiveLabels": labels,
        "pulumiLabels": labels,
        "projectNumber": int(answer["projectNumber"]),
        "selfLink": answer["selfLink"],
        "timeCreated": answer["timeCreated"],
        "updated": answer["updated"],
        "url": f"gs://{answer['name']}",
    }
