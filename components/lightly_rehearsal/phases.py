"""The rehearsal, phase by phase: each is a short story that must end as it should, and says so when it does not."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lightly_access.capability import Capability

from lightly_rehearsal import given_store
from lightly_rehearsal.attacks import attacks
from lightly_rehearsal.aws_client import account, make_bucket
from lightly_rehearsal.ledger import open_session, use
from lightly_rehearsal.lights import datasets
from lightly_rehearsal.stage import Stage

# The parts of stacks/Pulumi.rehearsal.yaml that the story needs by name.
ROTATED = ("dashcam", "LIGHTLY")
BROKEN = ("farm-animals", "LIGHTLY")
UNFORCED_BUCKET, FORCED_BUCKET, ADOPTED_BUCKET = "acme-lightly-footage", "acme-lightly-results", "acme-datalake"
UNFORCED_DATASET, FORCED_DATASET = "dashcam", "barn-cameras"


def up(stage: Stage) -> None:
    """Create, wait for new credentials to work, register, verify; then try everything that must be refused."""
    # A real IAM takes seconds to know a new key, and says so in two different ways on the way.
    with stage.sandbox.faults(stage.sandbox.aws, {"propagation": {"invalid_seconds": 0.4, "denied_seconds": 0.4}}):
        outcome = stage.up()
    stage.check(outcome.ok, f"created {outcome.created} resources", outcome.diagnostics)
    red = stage.red()
    stage.check(
        outcome.ok and not red, f"every light is as expected, {outcome.verifying:.1f} s after the first try", red
    )
    stage.audience.lights(stage.deployer.state())
    for credential in sorted(stage.ledger.credentials.values(), key=lambda it: (it.dataset, it.purpose)):
        stage.audience.step(f"trying {credential}")
        code = use(stage.sandbox, credential)
        stage.check(code is None, f"{credential} works", [code])
        tried = list(attacks(stage.sandbox, credential))
        let_through = [attack.what for attack in tried if attack.refused is None]
        stage.check(not let_through, f"{len(tried)} attempts to do more with it were refused", let_through)
        if credential.kind == "role":
            stage.ledger.note(open_session(stage.sandbox, credential))


def again(stage: Stage) -> None:
    """The same program again: nothing may change."""
    outcome = stage.up()
    stage.check(outcome.ok, "the second deployment succeeded", outcome.diagnostics)
    stage.check(
        outcome.unchanged,
        "0 creates, 0 updates, 0 deletes",
        [str(outcome)],
    )
    calls = stage.record.calls
    stage.check(calls["lightly"] == 0, f"calls: {calls['aws']} to AWS, {calls['lightly']} to Lightly")


def rotate(stage: Stage) -> None:
    """Replace an access key; then once more with a verification that fails in between."""
    first = stage.ledger.current(*ROTATED)
    _rotate_now(stage, "first")
    outcome = stage.up()
    stage.check(outcome.ok, "a new key was made, registered and verified", outcome.diagnostics)
    second = stage.ledger.current(*ROTATED)
    stage.check(second != first and use(stage.sandbox, second) is None, "the new key works", [second])
    stage.check(bool(code := use(stage.sandbox, first)), f"the old key is refused: {code}")

    _rotate_now(stage, "second")
    with stage.sandbox.faults(stage.sandbox.lightly, {"call": "verify", "times": 1, "status": 403}):
        outcome = stage.up()
    stage.check(not outcome.ok, "a rotation whose verification fails is a failed deployment")
    third = stage.ledger.current(*ROTATED)
    stage.check(third != second, "the new key was registered")
    stage.check(use(stage.sandbox, second) is None, "after the failed verification the old key still works")
    outcome = stage.up()
    stage.check(outcome.ok and not stage.red(), "the next deployment finishes the job", outcome.diagnostics)
    stage.check(stage.ledger.current(*ROTATED) == third, "without making one more key")
    stage.check(use(stage.sandbox, third) is None, "the new key works")
    stage.check(bool(code := use(stage.sandbox, second)), f"now the old key is refused: {code}")


def _rotate_now(stage: Stage, text: str) -> None:
    dataset, purpose = ROTATED
    changed = copy.deepcopy(stage.manifest["lightly-access:datasets"])
    changed[dataset][purpose.lower()]["rotate_now"] = text
    stage.config |= {"lightly-access:datasets": changed}


def break_(stage: Stage) -> None:
    """Somebody takes s3:PutObject from the LIGHTLY role behind our back."""
    role = stage.ledger.current(*BROKEN)
    name = role.identity.rsplit("/", 1)[-1]
    iam = account(stage.sandbox, "customer").iam
    policy_name = iam.list_role_policies(RoleName=name)["PolicyNames"][0]
    document: Any = iam.get_role_policy(RoleName=name, PolicyName=policy_name)["PolicyDocument"]
    iam.put_role_policy(RoleName=name, PolicyName=policy_name, PolicyDocument=json.dumps(_without_put(document)))
    stage.refresh()
    red = stage.red()
    stage.audience.lights(stage.deployer.state())
    here = [it for it in red if (it.dataset, it.purpose, it.capability) == (*BROKEN, Capability.WRITE)]
    stage.check(bool(here), "the verification is red for farm-animals LIGHTLY write", red)
    stage.check(
        all((it.dataset, it.purpose) == BROKEN and it.capability in _WRITING for it in red),
        "and nothing else is red than what the missing action breaks",
        red,
    )
    named = all(it.light.cause and "s3:PutObject" in it.light.cause and it.light.fix for it in here)
    stage.check(bool(here) and named, "it names the action that is missing, and the fix", here)
    outcome = stage.up(refresh=True)
    stage.check(outcome.ok and not stage.red(), "`up --refresh` mends it", [*outcome.diagnostics, *stage.red()])


_WRITING = (Capability.WRITE, Capability.OVERWRITE)


def _without_put(document: dict[str, Any]) -> dict[str, Any]:
    mended = copy.deepcopy(document)
    for statement in mended["Statement"]:
        actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        statement["Action"] = [action for action in actions if action != "s3:PutObject"]
    mended["Statement"] = [statement for statement in mended["Statement"] if statement["Action"]]
    return mended


def destroy(stage: Stage) -> None:
    """Remove what we made and nothing else; refuse to remove samples or objects that nobody said may go."""
    sandbox, s3 = stage.sandbox, account(stage.sandbox, "customer").s3
    ids = {name: dataset.id for name, dataset in datasets(stage.deployer.state()).items()}
    for dataset in (UNFORCED_DATASET, FORCED_DATASET):
        sandbox.control(sandbox.lightly, "POST", f"/datasets/{ids[dataset]}", {"nSamples": 3})
    for bucket in (UNFORCED_BUCKET, FORCED_BUCKET):
        s3.put_object(Bucket=bucket, Key="kept/by-somebody.txt", Body=b"precious")
    adopted = {bucket: _listing(s3, bucket) for bucket in (ADOPTED_BUCKET, given_store.BUCKET)}

    # Which of the two is refused first is the engine's choice: each is mended when it was named.
    guarded: dict[str, tuple[tuple[str, str], Callable[[], object]]] = {
        "a dataset with samples": (
            (UNFORCED_DATASET, "sample"),
            lambda: sandbox.control(sandbox.lightly, "POST", f"/datasets/{ids[UNFORCED_DATASET]}", {"nSamples": 0}),
        ),
        "a bucket with objects": ((UNFORCED_BUCKET, "objects"), lambda: _empty(s3, UNFORCED_BUCKET)),
    }
    outcome = stage.destroy()
    while guarded and not outcome.ok:
        named = [what for what, (words, _) in guarded.items() if outcome.says(*words)]
        stage.check(bool(named), f"kept: {' and '.join(named) or 'nothing that was guarded'}", outcome.diagnostics)
        for what in named or list(guarded):
            guarded.pop(what)[1]()
        outcome = stage.destroy()
    stage.check(not guarded, "nothing was removed that nobody said may go", guarded)
    stage.check(outcome.ok, "then everything that we made is removed", outcome.diagnostics)
    left = stage.deployer.state()["deployment"].get("resources", [])
    stage.check(not [it for it in left if it.get("custom")], "the state is empty", [it["urn"] for it in left])
    buckets = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    stage.check(buckets == list(adopted), f"only the adopted buckets are left: {', '.join(buckets)}", buckets)
    now = {bucket: _listing(s3, bucket) for bucket in buckets}
    stage.check(now == adopted, "and their data are untouched")
    iam = account(sandbox, "customer").iam
    orphans = [role["RoleName"] for role in iam.list_roles(PathPrefix="/lightly/")["Roles"]]
    orphans += [user["UserName"] for user in iam.list_users(PathPrefix="/lightly/")["Users"]]
    orphans += [group["GroupName"] for group in iam.list_groups(PathPrefix="/lightly/")["Groups"]]
    stage.check(not orphans, "no role, user or group is orphaned", orphans)


def _listing(s3: Any, bucket: str) -> set[tuple[str, str]]:
    return {(it["Key"], it["ETag"]) for it in s3.list_objects_v2(Bucket=bucket).get("Contents", [])}


def _empty(s3: Any, bucket: str) -> None:
    """What its owner would do: delete every version."""
    listed = s3.list_object_versions(Bucket=bucket)
    for it in [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]:
        s3.delete_object(Bucket=bucket, Key=it["Key"], VersionId=it["VersionId"])


def revoked(stage: Stage) -> None:
    """Use every credential: each that was issued must be refused now, each that was given must work as before."""
    s3 = account(stage.sandbox, "customer").s3
    here = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    for bucket in {it.bucket for it in stage.ledger.credentials.values() if it.bucket} - here:
        # A bucket of that name again, so that a refusal speaks of the credential and not of a missing bucket.
        make_bucket(s3, bucket)
    issued = [it for it in stage.ledger.credentials.values() if it.ours]
    for credential in issued:
        stage.audience.step(f"trying {credential}")
        code = use(stage.sandbox, credential)
        stage.check(code is not None, f"{credential} is refused: {code}")
    stage.check(bool(issued), f"{len(issued)} credentials were issued in all")
    for credential in stage.ledger.credentials.values():
        if not credential.ours:
            code = use(stage.sandbox, credential)
            yours = "is yours and works as before: given keys are revoked where they were made"
            stage.check(code is None, f"{credential} {yours}", [code])


@dataclass(frozen=True)
class Phase:
    """A phase: what it is called, what it is for, and how it is played."""

    name: str
    purpose: str
    play: Callable[[Stage], None]


PHASES = (
    Phase("up", "create, register, verify; what must be refused is refused", up),
    Phase("again", "a second deployment changes nothing", again),
    Phase("rotate", "an access key is replaced without a moment in which none works", rotate),
    Phase("break", "somebody narrows a role behind our back", break_),
    Phase("destroy", "remove what we made, and only that", destroy),
    Phase("revoked", "every credential that was ever issued is refused; given keys are their owner's", revoked),
)
"""In the order in which they are played."""
