"""One call on its way through the gateway: read, authorised, carried out, and put right where moto answers wrongly."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lightly_sandbox.emulators.messages import Answer
from lightly_sandbox.kinds.s3.emulator import (
    facts,
    kms_rules,
    moto_backends,
    parameter_rules,
    policy_rules,
    s3_account,
    s3_acl,
    s3_configurations,
    s3_delete,
    s3_lifecycle,
    simulation,
)
from lightly_sandbox.kinds.s3.emulator.call import Call
from lightly_sandbox.kinds.s3.emulator.caller import ANONYMOUS, Caller
from lightly_sandbox.kinds.s3.emulator.errors import Protocol, RefusedError
from lightly_sandbox.kinds.s3.emulator.iam_operations import iam_operation, with_caller_as_user
from lightly_sandbox.kinds.s3.emulator.kms_operations import kms_operation
from lightly_sandbox.kinds.s3.emulator.local_aws import LocalAws
from lightly_sandbox.kinds.s3.emulator.operation import Check, Operation
from lightly_sandbox.kinds.s3.emulator.payload import decode
from lightly_sandbox.kinds.s3.emulator.query import encode, parameters
from lightly_sandbox.kinds.s3.emulator.s3_plan import Plan, list_check, plan
from lightly_sandbox.kinds.s3.emulator.signature import SignatureInfo

_XML = {"Content-Type": "text/xml"}


class RequestContext:
    """A call, and the cloud that it is made in. `who` and `action` are what the call counts name, so far."""

    def __init__(self, aws: LocalAws, call: Call) -> None:
        self.aws = aws
        self.call = call
        self.who = "unauthenticated"
        self.action = "unknown"
        self.caller: Caller = ANONYMOUS
        self.claimed: SignatureInfo | None = None
        self.protocol = Protocol.REST_XML

    def go(self, service: str, protocol: Protocol, claimed: SignatureInfo | None, caller: Caller) -> Answer:
        """Carry out the call for a caller who was authenticated."""
        self.protocol, self.claimed, self.caller, self.who = protocol, claimed, caller, caller.label
        match service:
            case "s3":
                return self._s3()
            case "iam":
                return self._iam()
            case "sts":
                return self._sts()
        return self._kms()

    def _admit(self, operation: Operation) -> None:
        """Raises RefusedError when a fault or a permission stands in the way."""
        self.action = operation.action
        self.aws.faults.fail(operation)
        if operation.checks or operation.name == "DeleteObjects":
            self.aws.faults.not_yet_allowed(self.caller, operation, self._sentence(operation), self.protocol)
        for check in operation.checks:
            self._require(check)

    def _require(self, check: Check) -> None:
        self.aws.counts.ask_of(self.who, check.action, check.resource)
        self.aws.authoriser.require(self.caller, check, self.call, self.protocol)

    def _sentence(self, operation: Operation) -> str:
        resource = operation.checks[0].resource if operation.checks else f"arn:aws:s3:::{operation.bucket}/*"
        who = f"User: {self.caller.principal.arn} is not authorized to perform: {operation.action} on resource: "
        if operation.service == "sts":
            return f"{who}{resource}"
        quote = '"' if operation.service == "s3" else ""
        return f"{who}{quote}{resource}{quote} because no identity-based policy allows the {operation.action} action"

    def _s3(self) -> Answer:
        payload = decode(self.call, self.claimed, self.caller.secret)
        call = replace(
            self.call,
            body=payload.body,
            headers={**self.call.headers, **payload.trailers},
            header_names={**self.call.header_names, **{name: name for name in payload.trailers}},
        )
        if s3_account.is_asked(call):
            of_account = s3_account.operation(call, self.claimed.region if self.claimed else "", self.caller)
            self._admit(of_account)
            return s3_account.answer(call, of_account.account)
        planned = plan(call, self.claimed, self.caller)
        operation = planned.operation
        self._admit(operation)
        if planned.then:
            raise planned.then
        if operation.name == "DeleteObjects":
            return self._delete_objects(call, operation)
        s3_configurations.check_key(operation.key)
        s3_configurations.check_request(operation.name, call)
        if operation.name == "PutBucketPolicy":
            policy_rules.check_bucket_policy(operation.bucket, call.body, self.aws.accounts)
        return self._carry_out(call, planned)

    def _carry_out(self, call: Call, planned: Plan) -> Answer:
        """moto's answer, put right: what a bucket is born with, 403 in place of 404 for those who may not list."""
        operation = planned.operation
        there = facts.bucket(operation.bucket)
        if operation.name == "PutObjectTagging" and s3_configurations.without_tags(call.body):
            call = replace(call, method="DELETE", body=b"")  # moto fails on it
            return replace(moto_backends.s3(operation, call, self.caller, b"", {}), status=200)
        if operation.name == "GetBucketRequestPayment":  # moto has none, and nobody can set one here
            return Answer(200, {"Content-Type": "application/xml"}, s3_configurations.OWNER_PAYS)
        answered = moto_backends.s3(operation, call, self.caller, call.body, planned.headers)
        made = None if there else facts.bucket(operation.bucket)
        if made:
            s3_acl.harden_new(made[1], call.headers.get("x-amz-object-ownership"))
        elif there and operation.name == "DeleteBucketEncryption":
            s3_acl.encrypt_by_default(there[1])
        elif there and answered.status == 200 and operation.name == "PutBucketLifecycleConfiguration":
            s3_lifecycle.keep(there[1], call)
        elif there and answered.status == 200 and operation.name == "GetBucketLifecycleConfiguration":
            body, size = s3_lifecycle.kept(there[1])
            return replace(answered, headers={**answered.headers, s3_lifecycle.MINIMUM_SIZE: size}, body=body)
        elif operation.name in ("GetObject", "HeadObject") and answered.status == 404:
            self._require(list_check(operation, {}))
        elif operation.name == "HeadBucket" and answered.status == 200:
            headers = {**answered.headers, "x-amz-bucket-region": operation.region}
            return replace(answered, headers=headers)
        return answered

    def _delete_objects(self, call: Call, operation: Operation) -> Answer:
        def authorise(check: Check) -> RefusedError | None:
            try:
                self._require(check)
            except RefusedError as refused:
                return refused
            return None

        self.action = "s3:DeleteObject"
        deletion = s3_delete.split(operation, call.body, authorise)
        if deletion.body is None:
            return Answer(200, {"Content-Type": "application/xml"}, s3_delete.join(None, deletion.errors))
        answered = moto_backends.s3(operation, call, self.caller, deletion.body, {})
        if answered.status != 200:
            return answered
        return replace(answered, body=s3_delete.join(answered.body, deletion.errors))

    def _iam(self) -> Answer:
        values = with_caller_as_user(parameters(self.call), self.caller)
        parameter_rules.check_query("iam", values["Action"], values)
        operation = iam_operation(values, self.caller, self.aws.boundaries)
        self._admit(operation)
        rules, account = self.aws.iam_rules, operation.account
        if operation.name == simulation.ACTION:
            return Answer(200, _XML, simulation.answer(self.aws.authoriser, account, values))
        rules.check(account, values)
        own = rules.own_answer(account, values)
        if own is not None:
            return Answer(200, _XML, own)
        answered = moto_backends.iam(operation, self.caller, encode(rules.whole(account, values)))
        if answered.status != 200:
            return answered
        self.aws.faults.made(operation, answered.body)
        return replace(answered, body=rules.done(account, values, answered.body))

    def _sts(self) -> Answer:
        values = parameters(self.call)
        operation = self.aws.sts.operation(values, self.caller, self.claimed.region if self.claimed else "")
        self._admit(operation)
        return Answer(200, _XML, self.aws.sts.perform(values, self.caller))

    def _kms(self) -> Answer:
        values = _json(self.call.body)
        region = self.claimed.region if self.claimed else ""
        target = self.call.headers.get("x-amz-target", "")
        parameter_rules.check_json("kms", target.rpartition(".")[2], values)
        planned = kms_operation(target, values, self.caller, region, self.aws.accounts)
        self._admit(planned.operation)
        if planned.then:
            raise planned.then
        if planned.operation.name in ("CreateKey", "PutKeyPolicy") and values.get("Policy"):
            policy_rules.check_key_policy(self.caller.principal, planned.operation, values, self.aws.accounts)
        kms_rules.check_tags(values)
        kms_rules.check_alias(planned.operation.name, values)
        if planned.key_id:
            old = facts.kms_key(planned.operation.account, region, planned.key_id)
            kms_rules.check_rotation(planned.operation.name, old)
        if planned.operation.name == "CreateKey":
            values = kms_rules.born(values)
        if planned.key_id:  # moto takes ARNs and aliases in some actions only
            values = {**values, "KeyId": planned.key_id}
        answered = moto_backends.kms(planned.operation, self.caller, json.dumps(values).encode())
        key = facts.kms_key(planned.operation.account, region, planned.key_id) if planned.key_id else None
        return kms_rules.completed(planned.operation.name, values, key, answered)


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        values = json.loads(body or b"{}")
    except ValueError as error:
        raise RefusedError("SerializationException", "The request is not valid JSON", 400) from error
    if not isinstance(values, dict):
        raise RefusedError("SerializationException", "The request is not a JSON object", 400)
    return values
