"""`lightly:index:Verification`, typed."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

from lightly_core.resource_types.verification import VERIFICATION
from pulumi import Input, Output, ResourceOptions

from lightly_access.resources.resource import LightlyResource


class VerifiedDatasource(TypedDict):
    """What a verification knows about one datasource; keys as on the wire, described in its row VERIFIED_DATASOURCE."""

    kind: Input[str]
    access: Input[str]
    given: NotRequired[Input[bool]]
    path: Input[str]
    identity: Input[str]
    fingerprint: Input[str]
    proof: Input[Mapping[str, Input[bool]]]
    expected: NotRequired[Input[Mapping[str, Input[bool]]]]


class ProbedCredential(TypedDict, total=False):
    """What a verification probes a datasource with; keys as on the wire, described in its row PROBED_CREDENTIAL.

    `s3` and `obs` need `accessKeyId`, `secretAccessKey` and `region`, `azure` needs `sasToken` and `endpoint`.
    """

    accessKeyId: Input[str]
    secretAccessKey: Input[str]
    region: Input[str]
    endpoint: Input[str]
    kmsKeyArn: Input[str | None]
    wholeBucket: Input[bool]
    sasToken: Input[str]


class Verification(LightlyResource, row=VERIFICATION):
    """Asks Lightly to use what is registered, until all lights are as expected; its id is the dataset's.

    Make it depend on the datasources. When a light stays red the resource is there, the run fails with one sentence for
    each red light, and the next run verifies again.

    `get` is refused: a verification is only in the state that made it.
    """

    dataset_id: Output[str]
    dataset: Output[str]
    verified: Output[bool]
    verified_at: Output[str]
    lights: Output[Mapping[str, Any]]
    probes: Output[Mapping[str, Any]]

    def __init__(
        self,
        resource_name: str,
        *,
        dataset_id: Input[str] | None = None,
        dataset: Input[str] | None = None,
        datasources: Input[Mapping[str, Any]] | None = None,
        credentials: Input[Mapping[str, Any]] | None = None,
        deadline: Input[float] | None = None,
        confirmations: Input[float] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__(
            resource_name,
            opts,
            dataset_id=dataset_id,
            dataset=dataset,
            datasources=datasources,
            credentials=credentials,
            deadline=deadline,
            confirmations=confirmations,
        )
