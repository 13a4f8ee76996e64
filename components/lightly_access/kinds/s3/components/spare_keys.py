"""Before an access key is made for a user that has two already: which of them is not needed, or who must decide.

That happens when a rotation comes before the last one has ended, or when somebody else made a key. What Lightly uses is
asked of Lightly; the key that it uses is never touched.
"""

import asyncio
import os
from collections.abc import Mapping
from datetime import UTC
from typing import Any

import pulumi
from lightly_api.client import LightlyApi
from lightly_api.errors import ProviderError
from lightly_api.registration import shown
from lightly_api.server_location import DEFAULT_SERVER, VARIABLE
from lightly_core.hint import with_hint
from lightly_core.secret import Secret

from lightly_access.access import Access
from lightly_access.kinds.contents import BucketUnreadableError
from lightly_access.kinds.s3.components.hook import SharedHook
from lightly_access.kinds.s3.user_keys import MOST, UserKey, UserKeys, superfluous
from lightly_access.own_thread import on_own_thread
from lightly_access.stack_state import Resources, resources_before

_SECONDS = 60
"""How long the dataset of an access may take to be known, where it is made in the same run."""
_KEY = "aws:iam/accessKey:AccessKey"


class SpareKeyError(ValueError):
    """A user has all the keys that IAM allows, and nobody could tell which of them is not needed."""


def guard(name: str, region: str, login: Mapping[str, pulumi.Input[str]] | None) -> SharedHook[Access]:
    """The hook before a key is made, of all accesses to a store."""
    # Here: a hook's thread may know neither which stack it is nor its configuration.
    deployed_resources, config = resources_before(), pulumi.Config("lightly")
    token = config.get("token") or os.environ.get("LIGHTLY_TOKEN", "")
    server = config.get("serverLocation") or os.environ.get(VARIABLE) or DEFAULT_SERVER

    async def look(made: pulumi.ResourceHookArgs, access: Access) -> None:
        known: Any = await pulumi.Output.all(**(login or {})).future()
        user = str((made.new_inputs or {}).get("user", ""))
        try:
            keys = UserKeys(user, region, known or {})
            found = await on_own_thread(keys.listed)
            if len(found) < MOST:
                return
            used, why = await _registered(access, Secret(token), server)
            deployed = await on_own_thread(deployed_resources)
            spare = superfluous(found, used, _in_state(user, found, deployed))
            if not spare:
                raise SpareKeyError(_said(user, found, used, why))
            for key in spare:
                pulumi.log.info(f"access key {key.id} of {user}, left by a rotation that did not end, is removed")
                await on_own_thread(keys.remove, key)
        except BucketUnreadableError as unreadable:  # the call that makes the key says it, too
            pulumi.log.debug(f"the keys of {user}: {unreadable}")

    return SharedHook(f"{name}-spare-keys", look)


async def _registered(access: Access, token: Secret, server: str) -> tuple[str | None, str]:
    """The id of the key that Lightly uses; None where it is not known, and why."""
    if access.dataset_id is None:
        return None, "no dataset of this program uses it"
    try:
        dataset = await asyncio.wait_for(access.dataset_id.future(), _SECONDS)
    except TimeoutError:  # the engine makes one thing at a time, and this is what it makes
        return None, "which dataset uses it is not known yet"
    if not dataset or not token.reveal():
        return None, "Lightly could not be asked which one it uses: there is no token"
    try:
        found = await on_own_thread(LightlyApi(token, server).datasources.get, dataset, access.purpose)
    except ProviderError as error:
        return None, f"Lightly could not be asked which one it uses: {error}"
    return (shown(found, "s3AccessKeyId") or None) if found else None, "Lightly uses none of them"


def _in_state(user: str, keys: tuple[UserKey, ...], deployed: Resources) -> tuple[UserKey, ...]:
    """Those of the keys that the state before this run has; it tells when they were made, and not their ids."""
    made = {
        str(each["outputs"].get("createDate"))
        for each in deployed.values()
        if each.get("type") == _KEY and each["outputs"].get("user") == user
    }
    return tuple(key for key in keys if key.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") in made)


def _said(user: str, keys: tuple[UserKey, ...], used: str | None, why: str) -> str:
    listed = " and ".join(f"{key.id} (made {key.created:%Y-%m-%d %H:%M} UTC{_use(key, used)})" for key in keys)
    other = next((key.id for key in keys if key.id != used), keys[-1].id)
    reason = "this stack does not know the other" if used in {key.id for key in keys} else why
    return with_hint(
        f"user {user} has {listed}, all that AccessKeysPerUser allows, and {reason}: nothing was changed",
        "if a run was killed: `lightly-access recover --strays`; if somebody made it by hand and nobody needs it: "
        f"`aws iam delete-access-key --user-name {user} --access-key-id {other}`",
    )


def _use(key: UserKey, used: str | None) -> str:
    return ", in use at Lightly" if key.id == used else ""
