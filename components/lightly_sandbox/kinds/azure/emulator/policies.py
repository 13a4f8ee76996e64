"""Stored access policies: what Azurite would misread in them, and how long Azure takes to know a new one.

Source: https://learn.microsoft.com/rest/api/storageservices/define-stored-access-policy (five a container at most; up
to 30 seconds until a new one works, during which its tokens are answered with 403).
"""

import threading
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from lightly_sandbox.emulators.clock import Clock
from lightly_sandbox.kinds.azure.emulator import sas_fields
from lightly_sandbox.kinds.azure.emulator.messages import RefusedError, not_implemented
from lightly_sandbox.kinds.azure.emulator.sas import Place, unauthenticated

MOST = 5


class Policies:
    """When every stored access policy was made or changed; `delay` is how many seconds a new one stays unknown."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.delay = 0.0
        self._made: dict[tuple[str, str], dict[str, tuple[str, float]]] = {}
        self._lock = threading.Lock()

    def accept(self, where: Place, body: bytes) -> None:
        """Note what a successful Set Container ACL set."""
        now = self._clock.now()
        with self._lock:
            known = self._made.get((where.account, where.container), {})
            found = dict(_identifiers(body))
            self._made[where.account, where.container] = {
                id: known[id] if known.get(id, ("", 0))[0] == text else (text, now) for id, text in found.items()
            }

    def forget(self, account: str, container: str) -> None:
        """A container is gone, and its policies with it."""
        with self._lock:
            self._made.pop((account, container), None)

    def check_token(self, where: Place, query: Mapping[str, str]) -> None:
        """Raises RefusedError for a token of a policy that is too new, or that says itself what its policy says."""
        id = query.get("si", "")
        if not id:
            return
        if query.keys() & {"sp", "st", "se"}:
            # Azurite takes the policy's word and forgets the token's; Azure takes each from where it stands.
            raise not_implemented("a SAS that has si and also sp, st or se")
        _, made = self._made.get((where.account, where.container), {}).get(id, ("", float("-inf")))
        if self._clock.now() - made < self.delay:
            raise unauthenticated("The stored access policy is not known yet")


def check_policies(body: bytes) -> None:
    """Raises RefusedError for policies that Azure does not take, or that Azurite would read more generously than
    Azure.
    """
    found = list(_identifiers(body))
    if len(found) > MOST:
        raise RefusedError(
            "InvalidXmlDocument", f"got {len(found)} stored access policies, expected {MOST} at most", 400
        )
    ids = [id for id, _ in found]
    if any(not id or len(id) > 64 for id in ids) or len(set(ids)) != len(ids):
        message = "The Id of a stored access policy has 1 to 64 characters, and each of a container has another one"
        raise RefusedError("InvalidXmlNodeValue", message, 400)
    for policy in _policies(body):
        start, expiry, letters = ((policy.findtext(name) or "").strip() for name in ("Start", "Expiry", "Permission"))
        if wrong := sas_fields.times_fault(start, expiry) or sas_fields.permissions_fault(letters):
            raise RefusedError("InvalidXmlNodeValue", f"A stored access policy: {wrong}", 400)
        missing = [name for name in ("Expiry", "Permission") if not (policy.findtext(name) or "").strip()]
        if missing:
            # Azure wants them of the token then; Azurite lets such a token live for ever.
            raise not_implemented(f"a stored access policy without {missing[0]}")


def _identifiers(body: bytes) -> Iterator[tuple[str, str]]:
    for entry in _root(body).iter("SignedIdentifier"):
        policy = entry.find("AccessPolicy")
        yield (entry.findtext("Id") or ""), "" if policy is None else ElementTree.tostring(policy, encoding="unicode")


def _policies(body: bytes) -> Iterator[ElementTree.Element]:
    for entry in _root(body).iter("SignedIdentifier"):
        policy = entry.find("AccessPolicy")
        yield ElementTree.Element("AccessPolicy") if policy is None else policy


def _root(body: bytes) -> ElementTree.Element:
    if not body.strip():
        return ElementTree.Element("SignedIdentifiers")
    if b"<!" in body:
        raise RefusedError("InvalidXmlDocument", "XML specified is not syntactically valid.", 400)
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - no document type, hence no entities: refused above
    except ElementTree.ParseError:
        root = None
    if root is None or root.tag != "SignedIdentifiers" or {child.tag for child in root} - {"SignedIdentifier"}:
        raise RefusedError("InvalidXmlDocument", "XML specified is not syntactically valid.", 400)
    return root
