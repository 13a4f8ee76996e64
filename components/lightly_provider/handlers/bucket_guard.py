"""`lightly:index:BucketGuard`: stands before a bucket that we made, and before its KMS key where it has one.

The engine deletes it after whatever uses the bucket and before the bucket, and asks for a diff before anything is
changed. So this is where data can still be saved: no object is readable once its key is gone, and a key that waits for
its deletion can be called back (https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html).
"""

from collections.abc import Mapping

from lightly_access.kinds import guarded
from lightly_access.kinds.contents import BucketUnreadableError, Contents
from lightly_access.kinds.holders import Moved, in_its_place
from lightly_access.kinds.s3 import rules
from lightly_access.kinds.s3.bucket_contents import Account
from lightly_api.errors import RequestRefusedError
from lightly_core.hint import hint_of, without_hint
from lightly_core.pulumi_values import Properties, Unknown, Value, plain
from lightly_core.resource_types import BUCKET_GUARD

from lightly_provider.handlers.handler import Call, Checked, Diff, Found, Made
from lightly_provider.handlers.inputs import Inputs, changed, flag_of, text_of

_EMPTY_IT = (
    "move them away; or let them go with the bucket: `force_destroy: true` for the store, `pulumi up`, and then again; "
    "or keep it, and manage it here no more: `create: false` for the store, and `pulumi up` twice"
)


class BucketGuardHandler:
    """Makes nothing; looks, cleans up after us, and refuses."""

    def check(self, news: Mapping[str, Value]) -> Checked:
        inputs = Inputs(news, BUCKET_GUARD.inputs)
        kind = inputs.word("kind", guarded.GUARDED) if inputs.has("kind") else None
        row = guarded.GUARDED[kind or guarded.DEFAULT]
        inputs.text("bucket", row.bucket)
        inputs.text("region", row.region)
        if row.keyed:
            inputs.text("kmsKeyArn", rules.kms_key_arn, needed=False)
        else:
            inputs.absent(("kmsKeyArn",), "no key is made for such a bucket")
        inputs.flag("forceDestroy")
        for key, value in (inputs.table("login", needed=False) or {}).items():
            if key not in row.login or not isinstance(plain(value), str | Unknown):
                inputs.fault("login", f"expected texts, and no key but {', '.join(row.login)}")
        return inputs.checked()

    def diff(self, inputs: Properties, state: Properties, news: Properties) -> Diff:
        """Raises RequestRefusedError when the bucket or its key would be given up, and objects need it.

        The engine asks, with an unknown bucket, before it deletes one to make it anew elsewhere.
        """
        names = changed(inputs, news)
        if "bucket" in names and not flag_of(inputs, "forceDestroy"):
            _keep_the_bucket(inputs, news)
        old = text_of(inputs, "kmsKeyArn")
        if old and "kmsKeyArn" in names and "bucket" not in names:
            _keep_the_key(_account(news), text_of(news, "bucket"), old)
        return Diff(names, names & BUCKET_GUARD.replacing)

    def planned(self, news: Properties, state: Properties | None) -> Properties:
        return news

    def create(self, call: Call, news: Properties) -> Made:
        return Made(text_of(news, "bucket"), news)

    def update(self, call: Call, resource_id: str, state: Properties, news: Properties) -> Properties:
        return news

    def read(self, call: Call, resource_id: str, inputs: Properties, state: Properties) -> Found | None:
        if "bucket" not in state:
            raise RequestRefusedError(
                f"guard of bucket {resource_id}: cannot be imported, because there is nothing to read",
                "leave it out of the import: it is made anew, and makes nothing",
            )
        return Found(resource_id, inputs, state)

    def delete(self, call: Call, resource_id: str, inputs: Properties, state: Properties) -> None:
        """Raises RequestRefusedError when the bucket holds what is not ours."""
        bucket = text_of(state, "bucket")
        if flag_of(state, "forceDestroy"):
            return
        try:
            row = guarded.GUARDED[text_of(state, "kind") or guarded.DEFAULT]
            left = row.look(text_of(state, "region"), _login(state)).clean(bucket)
        except BucketUnreadableError as unreadable:
            call.tell(f"bucket {bucket}: nobody could look for what we left in it ourselves: {unreadable}")
            return
        if not left.empty:
            raise RequestRefusedError(left.sentence(bucket), _EMPTY_IT)


def _keep_the_bucket(inputs: Properties, news: Properties) -> None:
    row, bucket = guarded.GUARDED[text_of(inputs, "kind") or guarded.DEFAULT], text_of(inputs, "bucket")
    pairs = [(word, text_of(news, word), text_of(inputs, word)) for word in ("bucket", "region")]
    changes = [Moved(word, new, old) for word, new, old in pairs if new and new != old]
    found: Contents | BucketUnreadableError
    try:
        found = row.look(text_of(inputs, "region"), _login(news)).data(bucket)
    except BucketUnreadableError as unreadable:
        found = unreadable
    if isinstance(found, BucketUnreadableError) or not found.empty:
        place = "region" if row.keyed else "location"
        before = f"`bucket: {bucket}`, `{place}: {text_of(inputs, 'region')}` and the same `owner`"
        said = in_its_place(f"bucket {bucket}", "bucket", changes, found, before)
        raise RequestRefusedError(without_hint(said), hint_of(said))


def _keep_the_key(account: Account, bucket: str, arn: str) -> None:
    where = f"the KMS key {arn} of bucket {bucket}"
    keep = (
        "write `kms_key: create` as before; or keep the key for what is under it, `old_kms_keys: [create]`, with "
        "another `kms_key` or none; or empty the bucket first"
    )
    lost = f"{where} would be deleted, and what was written under it could never be read again"
    try:
        key = account.key(arn)
        if key is None:
            return
        if key.waits_until:
            raise RequestRefusedError(key.waits_for_deletion(bucket), key.way_back)
        held = account.contents(bucket)
    except BucketUnreadableError as unreadable:
        raise RequestRefusedError(
            f"{where} would be deleted, and nobody could tell whether objects need it: {unreadable}", keep
        ) from None
    if held.empty:
        return
    holds = f"the bucket holds {held.objects} objects and {held.versions} old versions"
    try:
        under = account.under(bucket, arn, versions=True)
    except BucketUnreadableError as unreadable:
        raise RequestRefusedError(
            f"{lost}: {holds}, and nobody could tell what is under it: {unreadable}", keep
        ) from None
    if under.object:
        raise RequestRefusedError(f"{lost}: {holds}, and {under.object} is under it", keep)
    if under.more:
        raise RequestRefusedError(f"{lost}: {holds}, which are more than can be looked at", keep)


def _account(properties: Properties) -> Account:
    return Account(text_of(properties, "region"), _login(properties))


def _login(properties: Properties) -> Mapping[str, str]:
    login = plain(properties.get("login"))
    given = {key: plain(value) for key, value in login.items()} if isinstance(login, dict) else {}
    return {key: value for key, value in given.items() if isinstance(value, str)}
