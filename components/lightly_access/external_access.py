"""A role, user, SAS token or service account that somebody else made: registered and verified, never touched.

There is no document of ours that could be proved. What its credential really can do a probe finds out, and what is more
than its purpose needs is a red light; of a role, which only Lightly may assume, Lightly's own word is all there is
(`lightly-access audit` compares such a role with what is needed).
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pulumi
from lightly_core.fault import Fault, did_you_mean

from lightly_access.access import Access, store_prerequisites
from lightly_access.arguments.error import ArgumentsError
from lightly_access.deployed.exported import moment
from lightly_access.kinds import registry
from lightly_access.kinds.external import AdoptedAccessArgs, ExternalCredential
from lightly_access.tables.problem import Problem

_WARNED = timedelta(days=30)
"""From when on a deployment warns of a credential's end: whoever makes the next one needs time to do it."""


class AdoptedAccess(Access):
    """Access that is somebody else's. It is theirs to bound, replace and end; destroy leaves it working.

    Example:
        photos = S3Bucket("photos", {"bucket": "acme-datalake", "region": "eu-central-1"})
        reads = AdoptedAccess(
            "farm-animals-input",
            {
                "store": photos,
                "path": "farm-animals/",
                "purpose": Purpose.INPUT,
                "access": "delegated",
                "role_arn": "arn:aws:iam::123456789012:role/lightly-reads",
                "external_id": pulumi.Config("acme").require_secret("externalId"),
            },
        )
    """

    def __init__(self, name: str, args: AdoptedAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lightly-access:index:AdoptedAccess", name, None, opts)
        store, credential = args["store"], _credential(name, args)
        secret = pulumi.Output.secret(cast(dict[str, Any], args)[credential.required[-1]])
        registration, probe_credential = credential.registered(args, secret)
        public = args.get("role_arn") or args.get("access_key_id")
        made = {"kind": f"adopted {credential.word}", "created": None, "rotates": None}
        # The directory in a bucket that we made is ours; into one that exists nothing is put.
        prerequisites = store_prerequisites(store, args["path"], writes=False)
        self._describe(
            purpose=args["purpose"],
            registration={"access": args["access"], "given": True, **registration},
            identity=(
                pulumi.Output.from_input(public)
                if public
                else pulumi.Output.unsecret(secret.apply(lambda text: credential.identity(args, text)))
            ),
            proof=pulumi.Output.from_input({}),
            # A slow digest, because whoever chose the external ID may have chosen a short one.
            fingerprint=pulumi.Output.unsecret(
                pulumi.Output.all(public, secret).apply(
                    lambda both: _scrypt_digest(f"{args['access']} {both[0]}", both[1])
                )
            ),
            credential=pulumi.Output.unsecret(
                secret.apply(lambda text: _warned(name, {**made, **credential.life(args, text)}))
            ),
            probe_credential=probe_credential,
            prerequisites=prerequisites,
        )


def _credential(name: str, args: AdoptedAccessArgs) -> ExternalCredential:
    """The kind of credential. Raises ArgumentsError where the other arguments are not for it."""
    known = {access.name: access.external for access in registry.accesses().values() if access.external}
    if args["access"] not in known:
        fault = Fault(f"one of {', '.join(known)}", did_you_mean(args["access"], known))
        raise ArgumentsError(f"AdoptedAccess {name}", [Problem.of(("access",), args["access"], fault)])
    found, given = known[args["access"]](), cast(dict[str, Any], args)
    told = Fault(f"it with access: {args['access']}")
    problems = [Problem.of((key,), None, told) for key in found.required if given.get(key) in (None, "")]
    if not isinstance(args["store"], found.store()):
        expected = f"{found.store().__name__}, with access: {args['access']}"
        problems.append(Problem(("store",), type(args["store"]).__name__, expected))
    if problems:
        raise ArgumentsError(f"AdoptedAccess {name}", problems)
    return found


def _warned(name: str, credential: dict[str, Any]) -> dict[str, Any]:
    """The credential, after a word about one that soon ends: nobody but its owner makes the next one."""
    end = credential.get("expires")
    if (at := moment(end)) and (left := at - datetime.now(UTC)) < _WARNED:
        ends = "has ended" if left <= timedelta() else "ends"
        pulumi.log.warn(
            f"{name}: the {credential['kind'].removeprefix('adopted ')} {ends} at {end}, and nothing of ours replaces "
            "it: ask its owner for another one, and set `secret` to it before"
        )
    return credential


def _scrypt_digest(salt: str, secret: str) -> str:
    """One guess costs 16 MB and some 50 ms: https://www.rfc-editor.org/rfc/rfc7914 (N = 16384, r = 8, p = 1)."""
    return hashlib.scrypt(secret.encode(), salt=salt.encode(), n=2**14, r=8, p=1, dklen=8).hex()
