"""What keeps a bucket from being public: its own four settings and its account's, of which S3 takes the stricter.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from lightly_access.kinds.s3.clients import AwsClients, code

Flags = frozenset[str]
"""Those of the four settings that are on."""
ALL: Flags = frozenset({"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"})
OF_ACCOUNT = "s3:GetAccountPublicAccessBlock"
_NONE = "NoSuchPublicAccessBlockConfiguration"
_AWS = (".amazonaws.com", ".amazonaws.com.cn")


@dataclass(frozen=True)
class PublicAccess:
    """Of one bucket, as a login sees it. `ask` notes what may not be read, and answers None then; `account` is the
    login's own."""

    bucket: str
    ask: Callable[[str, str, Callable[[], Any]], Any]
    account: Callable[[], str | None]
    clients: AwsClients
    region: str

    def blocked(self) -> bool | None:
        """Whether the bucket's own settings keep all of it from being public; None where they may not be read."""
        own = self._own()
        return None if own is None else own == ALL

    def prevented(self) -> bool | None:
        """The same of its settings and its account's together."""
        own = self._own()
        if own is None:
            return None
        account = self._of_account() if own != ALL else frozenset()  # is not asked where it makes no difference
        return None if account is None else own | account == ALL

    def _own(self) -> Flags | None:
        get = partial(self._client("s3").get_public_access_block, Bucket=self.bucket)
        what = f"the public access block of bucket {self.bucket}"
        asked = partial(self.clients.once, ("public", self.bucket), partial(_flags, get))
        found: Flags | None = self.ask(what, "s3:GetBucketPublicAccessBlock", asked)
        return found

    def _of_account(self) -> Flags | None:
        """Of the bucket's account, which tells them to its own logins alone."""
        what = f"the public access block of the account of bucket {self.bucket}"
        account = self.account()
        if account is None:
            return None
        mine = partial(self._client("s3").get_public_access_block, Bucket=self.bucket, ExpectedBucketOwner=account)
        if self.ask(what, "a login of the account that has the bucket", partial(_flags, mine)) is None:
            return None
        asked = partial(self.clients.once, ("public of account", account), partial(self._account_flags, account))
        found: Flags | None = self.ask(what, OF_ACCOUNT, asked)
        return found

    def _account_flags(self, account: str) -> Flags:
        control = at_one_host(self._client("s3control"), account)
        return _flags(partial(control.get_public_access_block, AccountId=account))

    def _client(self, service: str) -> Any:
        return self.clients.of(service, self.region)


def at_one_host(control: Any, account: str) -> Any:
    """The client of S3 Control, which puts the account before the host's name: where AWS_ENDPOINT_URL names a host, it
    is the host of every account, and a header names the account too."""
    host = control.meta.endpoint_url.partition("://")[2].partition("/")[0].partition(":")[0]

    def as_it_is_named(request: Any, **_: Any) -> None:
        request.url = request.url.replace(f"://{account}.", "://", 1)

    if not host.endswith(_AWS):
        control.meta.events.register("before-sign.s3-control", as_it_is_named)
    return control


def _flags(call: Callable[[], Any]) -> Flags:
    """What a bucket or an account answers; that it has none is an answer too. Raises what botocore raises."""
    from botocore.exceptions import ClientError

    try:
        found = call()["PublicAccessBlockConfiguration"]
    except ClientError as refused:
        if code(refused) != _NONE:
            raise
        return frozenset()
    return frozenset(name for name in ALL if found.get(name) is True)
