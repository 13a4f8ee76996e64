"""What a manifest makes in AWS, as far as the permissions of whoever deploys it depend on it.

Only what the stack makes counts: for an access that somebody else made (`role_arn`, a `secret`) and for an external key
nothing is asked of AWS. Verifying asks nothing of AWS either: Lightly and the credentials themselves are tried.
"""

from collections.abc import Iterable, Iterator

from lightly_core.capability import Purpose
from lightly_policies.deployer import Bucket, Deployment

from lightly_access.kinds.deployer import NoDeployerError
from lightly_access.kinds.s3 import rules
from lightly_access.kinds.s3.account import AwsAccount
from lightly_access.kinds.s3.store import S3Store
from lightly_access.naming import name_pattern
from lightly_access.tables.datasource import Datasource
from lightly_access.tables.declared import Declared


class ManyPartitionsError(NoDeployerError):
    """Stores of AWS and of AWS China in one manifest: no deployer can be in both."""

    def __init__(self) -> None:
        super().__init__(
            "stores: got regions of AWS and of AWS China, expected one of the two\n"
            "hint: one stack each; an account of the one is nothing to the other"
        )


def aws_deployment(
    manifest: Declared, *, project: str, stack: str, owner: str | None = None, account: str | None = None
) -> Deployment:
    """What the policy of the deployer is rendered from: of whoever is logged in, or of the role of an account `owner`.

    Raises ManyPartitionsError.
    """
    stores = {name: each for name, each in manifest.stores.items() if isinstance(each, S3Store) and each.owner == owner}
    ours = [
        (purpose, source)
        for purpose, source in _datasources(manifest)
        if source.store in stores and not source.made_elsewhere
    ]
    roles = [each for _, each in ours if each.access == "delegated"]
    users = [each for _, each in ours if each.access == "user"]
    accounts = {
        name: each for name, each in manifest.accounts.items() if isinstance(each, AwsAccount) and each.role_arn
    }
    partitions = {rules.partition(store.region) for store in stores.values()}
    if len(partitions) > 1:
        raise ManyPartitionsError
    directories = {
        each.store for purpose, each in ours if each.path and (stores[each.store].create or purpose is Purpose.LIGHTLY)
    }
    opened = {each.store for _, each in ours}
    return Deployment(
        names=name_pattern(project, stack),
        owner=f"{project}/{stack}",
        buckets=tuple(_bucket(store, name in directories, name in opened) for name, store in stores.items()),
        roles=bool(roles),
        users=bool(users),
        tagged=bool(manifest.tags or any(store.tags for store in stores.values())),
        role_boundaries=_boundaries(roles),
        user_boundaries=_boundaries(users),
        entered=tuple(sorted(str(each.role_arn) for each in accounts.values())) if owner is None else (),
        account=account or (str(accounts[owner].role_arn).split(":")[4] if owner in accounts else None),
        partition=next(iter(partitions), "aws"),
    )


def _bucket(store: S3Store, placeholders: bool, opened: bool) -> Bucket:
    return Bucket(
        store.bucket,
        store.region,
        made=store.create,
        kms_key=store.kms_key,
        old_key_made="create" in store.old_kms_keys,
        versioning=store.versioning,
        force_destroy=store.force_destroy,
        placeholders=placeholders,
        opened=opened,
    )


def _datasources(manifest: Declared) -> Iterator[tuple[Purpose, Datasource]]:
    for dataset in manifest.datasets.values():
        yield from dataset.sources.items()


def _boundaries(sources: Iterable[Datasource]) -> tuple[str, ...]:
    """The boundaries of all; none when one of them has no boundary, for then the deployer cannot be bound to any."""
    found = {source.permissions_boundary for source in sources}
    return () if None in found else tuple(sorted(str(boundary) for boundary in found))
