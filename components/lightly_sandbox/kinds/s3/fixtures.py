"""The owners of the buckets: one for each account of AWS, with roles to change."""

import copy
import functools
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lightly_access.kinds.s3.names import IAM_PATH
from lightly_core.capability import Capability, Purpose
from lightly_core.secret import Secret

from lightly_sandbox.credential_log import CredentialLog
from lightly_sandbox.kinds.fixture import PRECIOUS, Broken, Files, Fixture, Guard, Listing
from lightly_sandbox.kinds.s3 import accounts_named
from lightly_sandbox.kinds.s3.client import Aws, administrator, listings, make_bucket
from lightly_sandbox.kinds.s3.external import Owner, grant
from lightly_sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_TAKEN = "s3:PutObject"


def _allow(**statement: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def _without(action: str, document: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    for statement in changed["Statement"]:
        actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        statement["Action"] = [entry for entry in actions if entry != action]
    changed["Statement"] = [statement for statement in changed["Statement"] if statement["Action"]]
    return changed


def _empty(s3: "S3Client", bucket: str) -> None:
    """What its owner would do: delete every version."""
    listed = s3.list_object_versions(Bucket=bucket)
    for version in [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]:
        s3.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])


class S3Fixture(Fixture):
    """The owners of the buckets."""

    rotating = ("user",)
    # A real IAM takes seconds to know a new key, and says so in two different ways on the way.
    slow: Mapping[str, object] = {"propagation": {"invalid_seconds": 0.4, "denied_seconds": 0.4}}
    _made_elsewhere: frozenset[str] = frozenset()

    def names(self, stores: Iterable[Any]) -> frozenset[str]:
        return frozenset(store.bucket for store in stores)

    def asked(self) -> Mapping[str, Any]:
        """The accounts, and the keys that exist: AWS chooses neither id by what a caller wishes."""
        return {"accounts": accounts_named.accounts(self.estate), "keys": sorted(self._keys())}

    def _keys(self) -> set[str]:
        return {arn for store in self.estate.stores.values() for arn in accounts_named.keys(store)}

    def _s3(self, sandbox: Sandbox, store: Any) -> "S3Client":
        """Of the owner of a store, in its region."""
        owner = administrator(sandbox, accounts_named.owner_of(self.estate, store))
        client: S3Client = owner.client("s3", store.region)
        return client

    def seed(self, sandbox: Sandbox, files: Files) -> None:
        found = list(files)
        for store in self.estate.adopted():
            s3 = self._s3(sandbox, store)
            make_bucket(s3, store.bucket, store.region)
            if store.kms_key:
                rule: Any = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": store.kms_key}
                rules: Any = {"Rules": [{"ApplyServerSideEncryptionByDefault": rule}]}
                s3.put_bucket_encryption(Bucket=store.bucket, ServerSideEncryptionConfiguration=rules)
        self._open_keys(sandbox)
        for source in self.estate.found():
            s3, path = self._s3(sandbox, source.store), source.table.path
            for name, content in found if source.purpose is Purpose.INPUT else [("", b"")]:
                s3.put_object(Bucket=source.store.bucket, Key=path + name, Body=content)
        self._let_in(sandbox)
        self._make_boundaries(sandbox)
        self._make_external(sandbox)

    def _open_keys(self, sandbox: Sandbox) -> None:
        """A key counts whoever its own policy names: here the accounts that use it."""
        for arn in self._keys():
            self.said["KMS keys of the same ARN"] = None
            named = accounts_named.accounts(self.estate)
            ids = sorted({named[name] for name in named.keys() - {"stranger", "archive"}})
            everybody = {"AWS": [f"arn:aws:iam::{id}:root" for id in ids]}
            kms = administrator(sandbox, accounts_named.account_of(arn)).client("kms", arn.split(":")[3])
            policy = _allow(Sid="Accounts", Principal=everybody, Action="kms:*", Resource="*")
            kms.put_key_policy(KeyId=arn, PolicyName="default", Policy=policy)

    def _let_in(self, sandbox: Sandbox) -> None:
        """The roles by which whoever deploys gets into the accounts of other owners."""
        mine = sandbox.accounts["customer"].account
        for name, owner in self.estate.accounts.items():
            arn = getattr(owner, "role_arn", None)
            if not arn:
                continue
            external_id = Secret(secrets.token_urlsafe(32))
            condition = {"StringEquals": {"sts:ExternalId": external_id.reveal()}} if owner.external_id else {}
            trust = {"Principal": {"AWS": f"arn:aws:iam::{mine}:root"}, "Action": "sts:AssumeRole"}
            iam = administrator(sandbox, accounts_named.account_of(arn)).iam
            *path, role = arn.partition(":role/")[2].split("/")
            iam.create_role(
                RoleName=role,
                Path="/".join(("", *path, "")),
                AssumeRolePolicyDocument=_allow(**trust, **({"Condition": condition} if condition else {})),
            )
            everything = _allow(Action=["s3:*", "iam:*", "kms:*"], Resource="*")
            iam.put_role_policy(RoleName=role, PolicyName="deploys", PolicyDocument=everything)
            self._made_elsewhere |= {role}
            self.said["deployer roles that may do everything in their account"] = None
            self.give(sandbox, ("accounts", name, "external_id"), owner.external_id, external_id)

    def _make_boundaries(self, sandbox: Sandbox) -> None:
        """Managed policies of these ARNs that bound nothing: what yours forbid is not known here."""
        for arn in sorted({source.table.permissions_boundary or "" for source in self.estate.sources} - {""}):
            *path, name = arn.partition(":policy/")[2].split("/")
            iam = administrator(sandbox, accounts_named.account_of(arn)).iam
            document = _allow(Action="*", Resource="*")
            iam.create_policy(PolicyName=name, Path="/".join(("", *path, "")), PolicyDocument=document)
            self.said["permissions boundaries that forbid nothing"] = None

    def _make_external(self, sandbox: Sandbox) -> None:
        somebody = Owner(sandbox)
        for source in self.estate.external():
            owner = accounts_named.owner_of(self.estate, source.store)
            give = functools.partial(self.give, sandbox)
            if source.table.role_arn:
                external_id = somebody.role(source, owner)
                give((*source.place, "external_id"), source.table.external_id, external_id)
                self.said["roles of the same ARN"] = None
            else:
                id, secret = somebody.key(source, administrator(sandbox, owner), grant(source, "user"))
                give((*source.place, "access_key_id"), source.table.access_key_id, Secret(id))
                give((*source.place, "secret"), source.table.secret, secret)
        self._made_elsewhere |= somebody.made

    def _owners(self, sandbox: Sandbox) -> list[Aws]:
        ids = {accounts_named.owner_of(self.estate, store) for store in self.estate.stores.values()}
        return [administrator(sandbox, id) for id in sorted(ids)]

    def stores(self, sandbox: Sandbox) -> Mapping[str, Listing]:
        regions = {store.bucket: store.region for store in self.estate.stores.values()}
        found: dict[str, Listing] = {}
        for owner in self._owners(sandbox):
            found |= listings(owner, regions)
        return found

    def break_permission(self, sandbox: Sandbox, credential_log: CredentialLog) -> Broken | None:
        """Take s3:PutObject from the policy of a LIGHTLY role."""
        roles = [each for each in self.estate.ours("delegated") if each.purpose is Purpose.LIGHTLY]
        if not roles:
            return None
        broken = (roles[0].dataset, roles[0].purpose)
        arn = credential_log.current(*broken).identity
        name, iam = arn.rsplit("/", 1)[-1], administrator(sandbox, accounts_named.account_of(arn)).iam
        policy_name = iam.list_role_policies(RoleName=name)["PolicyNames"][0]
        document: Any = iam.get_role_policy(RoleName=name, PolicyName=policy_name)["PolicyDocument"]
        iam.put_role_policy(
            RoleName=name, PolicyName=policy_name, PolicyDocument=json.dumps(_without(_TAKEN, document))
        )
        return Broken(*broken, _TAKEN, frozenset({Capability.WRITE, Capability.OVERWRITE}))

    def add_objects(self, sandbox: Sandbox) -> list[Guard]:
        """An object in each bucket that we made: only those may go that may be destroyed with their objects."""
        guards = []
        for store in self.estate.created():
            s3 = self._s3(sandbox, store)
            s3.put_object(Bucket=store.bucket, Key=PRECIOUS, Body=b"precious")
            if not store.force_destroy:
                clear = functools.partial(_empty, s3, store.bucket)
                guards.append(Guard(f"the bucket {store.bucket} with objects", (store.bucket, "objects"), clear))
        return guards

    def orphans(self, sandbox: Sandbox) -> list[str]:
        """Roles, users and groups below our path."""
        return [orphan for owner in self._owners(sandbox) for orphan in self._orphans(owner)]

    def _orphans(self, owner: Aws) -> Iterator[str]:
        iam = owner.iam
        roles = (role["RoleName"] for role in iam.list_roles(PathPrefix=IAM_PATH)["Roles"])
        yield from (f"role {name}" for name in roles if name not in self._made_elsewhere)
        yield from (f"user {user['UserName']}" for user in iam.list_users(PathPrefix=IAM_PATH)["Users"])
        yield from (f"group {group['GroupName']}" for group in iam.list_groups(PathPrefix=IAM_PATH)["Groups"])

    def remake(self, sandbox: Sandbox, paths: Iterable[str]) -> None:
        here, wanted = self.stores(sandbox), {urlsplit(path).netloc for path in paths}
        for store in {store.bucket: store for store in self.estate.stores.values()}.values():
            if store.bucket in wanted - here.keys():
                make_bucket(self._s3(sandbox, store), store.bucket, store.region)
