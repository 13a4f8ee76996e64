"""The blob service: what Azurite does not decide is decided here, and the request passed on to it.

Decided here: the account's own rules (https only, TLS version, shared keys, public access), `sip`, what a login may do
by its roles, tokens for a directory, tokens signed with a user delegation key (which do no more than whoever signed
them), the age of a shared-key request, stored access policies that Azurite would misread. Decided by Azurite:
everything else. Its answer to a token that is not valid is put into Azure's words: AuthenticationFailed, where it says
AuthorizationFailure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime

from lightly_sandbox.emulators.messages import Answer
from lightly_sandbox.kinds.azure.emulator import batch, blob_actions, delegation, operation, policies, sas
from lightly_sandbox.kinds.azure.emulator.accounts import Account
from lightly_sandbox.kinds.azure.emulator.backend import VERSION, shared_key
from lightly_sandbox.kinds.azure.emulator.local_azure import LocalAzure
from lightly_sandbox.kinds.azure.emulator.messages import RefusedError, Request, not_implemented, storage_error
from lightly_sandbox.kinds.azure.emulator.principals import DEPLOYER, Principal
from lightly_sandbox.kinds.azure.emulator.sas import Kind, Place, unauthenticated

_SKEW_SECONDS = 15 * 60
_REFUSED = (401, 403)
_COPIES = ("x-ms-copy-source", "x-ms-rename-source")
_TLS = {"TLS1_0": "TLSv1", "TLS1_1": "TLSv1.1", "TLS1_2": "TLSv1.2", "TLS1_3": "TLSv1.3"}


@dataclass(frozen=True, slots=True)
class SignatureInfo:
    """Who a request says it comes from; `label` is how the call counts name it once that was found true.

    `login` is whose bearer token it has, None when it is nobody's.
    """

    kind: Kind | None
    label: str
    bearer: bool = False
    login: Principal | None = None
    shared_key: bool = False


class DataPlane:
    """The blob service of every account."""

    def __init__(self, azure: LocalAzure) -> None:
        self._azure = azure

    def answer(self, request: Request) -> Answer:
        """The answer to any request for data; refusals are answers too."""
        where, who = Place("", "", ""), "unauthenticated"
        action = "unknown"
        try:
            where = operation.place(request)
            action = operation.name(request, where)
            claimed = self._claim(request, where)
            answered = self._decided(request, where, action, claimed)
            if answered.headers.get("x-ms-error-code") != "AuthenticationFailed":
                who = claimed.label
            return answered
        except RefusedError as refused:
            return storage_error(refused, head=request.head)
        finally:
            self._azure.counts.add(who, action, action)

    def _decided(self, request: Request, where: Place, action: str, claimed: SignatureInfo) -> Answer:
        account = self._azure.accounts.get(where.account)
        if account is None:
            raise RefusedError("ResourceNotFound", f"There is no storage account {where.account}.", 404)
        self._azure.faults.fail(action)
        _check_account(account, request, claimed)
        signer = self._signer(request, claimed)
        if action in ("BlobBatch", "GetUserDelegationKey"):
            if signer and claimed.bearer:
                self._azure.counts.ask_of(signer.name, *blob_actions.check(self._azure, signer, action, account, where))
            if action == "BlobBatch":
                return batch.answer(request, where, self.answer)
            return self._delegation_key(account, request, claimed.login)
        if action == "SetContainerAcl":
            policies.check_policies(request.body)
        target, headers = self._as_azurite_knows_it(account, request, where, action, claimed)
        needed = blob_actions.check(self._azure, signer, action, account, where) if signer else None
        answered = self._azure.backend.send(request.method, target, headers, request.body, request.tls)
        if signer and needed and answered.status not in _REFUSED:
            self._azure.counts.ask_of(signer.name, *needed)
        if action == "SetContainerAcl" and answered.status == 200:
            self._azure.policies.accept(where, request.body)
        return _in_azures_words(answered, request, claimed)

    def _as_azurite_knows_it(
        self, account: Account, request: Request, where: Place, action: str, claimed: SignatureInfo
    ) -> tuple[str, Mapping[str, str]]:
        """Target and headers of the request for Azurite. Raises RefusedError for what the gateway decides."""
        if claimed.kind:
            return self._target(account, request, where, action, claimed), request.headers
        if claimed.shared_key:
            self._check_age(request)
        if not claimed.bearer:
            return request.target, request.headers
        _check_no_copy(request, "a login")
        headers = {**request.headers, "x-ms-date": format_datetime(self._azure.clock.date(), usegmt=True)}
        signed = shared_key(account, request.method, request.raw_path, request.query, headers, len(request.body))
        return request.target, {**headers, "authorization": signed}

    def _target(self, account: Account, request: Request, where: Place, action: str, claimed: SignatureInfo) -> str:
        """Where the request goes at Azurite. Raises RefusedError for a token that is not valid here and now."""
        query = request.query
        sas.check_fields(query, self._azure.clock.date())
        sas.check_address(query, request.source_ip)
        self._azure.policies.check_token(where, query)
        prefix = query.get("prefix", "") if action == "ListBlobs" else None
        if claimed.kind is Kind.DELEGATED:
            key = delegation.key_of(account, query, self._azure.tenant, self._azure.clock.date())
            sas.verify_delegated(account, where, prefix, query, key)
        elif query.get("sr") == "d":
            sas.verify_directory(account, where, prefix, query)
        else:
            return request.target
        if query["sr"] == "d" and not where.blob and prefix is None:
            raise unauthenticated("Signature did not match")
        _check_no_copy(request, "a directory or user delegation SAS")
        return sas.as_service_sas(account, where, query)

    def _delegation_key(self, account: Account, request: Request, login: Principal | None) -> Answer:
        if login is None:
            raise _no_login()
        azure, version = self._azure, request.headers.get("x-ms-version", VERSION)
        return delegation.give(account, login.id, azure.tenant, version, request.body, azure.clock.date())

    def _signer(self, request: Request, claimed: SignatureInfo) -> Principal | None:
        """Whose roles count: those of a login, and of whoever signed a token, who gives no more than he has
        (https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas). None where a key counts.
        Raises RefusedError.
        """
        if claimed.bearer:
            return _login(request, claimed)
        if claimed.kind is not Kind.DELEGATED:
            return None
        signer = self._azure.principals.of_id(request.query.get("skoid", ""))
        if signer is None:
            raise unauthenticated("The user delegation key is not one of this account")
        return signer

    def _check_age(self, request: Request) -> None:
        """A signature in a header is good for fifteen minutes."""
        try:
            stamp = parsedate_to_datetime(request.headers.get("x-ms-date") or request.headers.get("date", ""))
        except ValueError:
            raise unauthenticated("The Date header in the request is incorrect.") from None
        if abs(self._azure.clock.now() - stamp.replace(tzinfo=stamp.tzinfo or UTC).timestamp()) > _SKEW_SECONDS:
            raise unauthenticated("Request date header too old or too new")

    def _claim(self, request: Request, where: Place) -> SignatureInfo:
        authorization, query = request.headers.get("authorization", ""), request.query
        if "sig" in query:
            if authorization:
                raise RefusedError(
                    "InvalidAuthenticationInfo", "Both a signature and an Authorization header are given", 400
                )
            kind = sas.kind(query)
            name = (
                {Kind.ACCOUNT: "account", Kind.DELEGATED: "user-delegation"}.get(kind) or query.get("si") or "no-policy"
            )
            return SignatureInfo(kind, f"sas:{where.container}/{name}")
        if authorization.startswith("Bearer "):
            login = self._azure.principals.of_token(authorization.removeprefix("Bearer ").strip())
            return SignatureInfo(None, login.name if login else DEPLOYER, bearer=True, login=login)
        if authorization:
            return SignatureInfo(None, DEPLOYER, shared_key=True)
        return SignatureInfo(None, "anonymous")


def _login(request: Request, claimed: SignatureInfo) -> Principal:
    """Whose bearer token it is, over https. Raises RefusedError."""
    if not request.tls:
        raise unauthenticated("Authentication scheme Bearer needs https")
    if claimed.login is None:
        raise _no_login()
    return claimed.login


def _no_login() -> RefusedError:
    return RefusedError("InvalidAuthenticationInfo", "Authentication information is not given in the right form.", 401)


def _check_no_copy(request: Request, by: str) -> None:
    """Raises RefusedError for a call that also reads another blob: nobody looks whether it may."""
    for name in _COPIES:
        if name in request.headers:
            raise not_implemented(f"{name} with {by}")


def _check_account(account: Account, request: Request, claimed: SignatureInfo) -> None:
    """The rules of the account itself, by the names of its properties in Resource Manager."""
    rules = account.properties
    if rules.get("supportsHttpsTrafficOnly") and not request.tls:
        raise RefusedError("AccountRequiresHttps", "The account being accessed does not support http.", 400)
    if request.tls and request.tls < _TLS[rules["minimumTlsVersion"]]:
        message = "The TLS version of the connection is not permitted on this storage account."
        raise RefusedError("TlsVersionNotPermitted", message, 400)
    by_key = claimed.shared_key or claimed.kind in (Kind.ACCOUNT, Kind.SERVICE)
    if by_key and not rules.get("allowSharedKeyAccess", True):
        message = "Key based authentication is not permitted on this storage account."
        raise RefusedError("KeyBasedAuthenticationNotPermitted", message, 403)
    anonymous = not (by_key or claimed.kind or claimed.bearer)
    if not rules.get("allowBlobPublicAccess") and (anonymous or request.headers.get("x-ms-blob-public-access")):
        raise RefusedError("PublicAccessNotPermitted", "Public access is not permitted on this storage account.", 409)


def _in_azures_words(answered: Answer, request: Request, claimed: SignatureInfo) -> Answer:
    """Azurite says AuthorizationFailure where Azure tells apart who is not known and what is not there."""
    code = next((value for name, value in answered.headers.items() if name.lower() == "x-ms-error-code"), "")
    if answered.status != 403 or code != "AuthorizationFailure":
        return answered
    if claimed.kind is None and not claimed.shared_key:
        refused = RefusedError("ResourceNotFound", "The specified resource does not exist.", 404)
    else:
        refused = unauthenticated("Signature did not match, is not valid at this time, or its policy is gone")
    return storage_error(refused, head=request.head)
