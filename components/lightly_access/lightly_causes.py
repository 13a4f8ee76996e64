"""Refusals of Lightly's own API, in the words of its answers, of its client and of our provider.

Codes: api_error_code.py of lightly 1.5.26 (lightly/openapi_generated/swagger_client/models); sentences of its client
(lightly/api) and of the worker (https://docs.lightly.ai/docs/common-errors-that-abort-the-lightly-worker). What Lightly
says of a store stands in the words of that store, and is explained there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lightly_api.errors import way_out

from lightly_access.kinds.cause import Cause, Known, Sign

_STATUS = r"(?:Lightly answered |ApiException\W{{0,40}}?\(?|Error code: |status(?: code)?:? ?){status}\b"


def _by_status(name: str, status: int, words: str, text: str) -> Sign:
    return Sign(name, f"{_STATUS.format(status=status)}|{words}", text, way_out(status), status == 429, vague=True)


SIGNS = (
    Sign(
        "lightly-no-token",
        "there is no token|LIGHTLY_TOKEN.{0,40}(?:missing|not set|unset)",
        "a call to Lightly is needed, and there is no token",
        "`pulumi config set --secret lightly:token`, or set the environment variable LIGHTLY_TOKEN",
        False,
    ),
    Sign(
        "lightly-dataset-name-taken",
        "DATASET_NAME_EXISTS|A dataset with the name .{0,200} already exists",
        "a dataset of this name exists at Lightly already",
        "give the dataset another `name`, or take over the one that exists: `adopt: true`",
        False,
    ),
    Sign(
        "lightly-datasource-unusable",
        r"DATASET_DATASOURCE_(?:CREDENTIALS_ERROR|INVALID|UNKNOWN|ILLEGAL_ACTION)",
        "Lightly cannot use what is registered for the dataset: nothing is registered, or it does not open the store",
        "`lightly-access audit <dataset>` shows what is registered and what is wrong with it; `pulumi up --refresh` "
        "registers ours again",
        False,
    ),
    Sign(
        "lightly-plan",
        r"(?:TEAM_ACCOUNT_PLAN|ONPREM_SUBSCRIPTION|ACCOUNT_SUBSCRIPTION)_INSUFFICIENT|AT_MAX_CAPACITY|AT_MAX_SIZE",
        "what the account at Lightly has booked is not enough for this",
        "ask Lightly, or remove what is not needed any more",
        False,
    ),
    Sign(
        "lightly-account-closed",
        r"USER_ACCOUNT_(?:DEACTIVATED|BLOCKED)|USER_NOT_KNOWN",
        "the account at Lightly behind the token is deactivated, blocked or unknown",
        "ask the team's administrator, or Lightly's support; then a new token",
        False,
    ),
    Sign(
        "lightly-in-use",
        "RESOURCE_IN_USE",
        "something at Lightly is in use, such as by a run of the worker",
        "wait until the run is over, or stop it at https://app.lightly.ai",
        False,
    ),
    Sign(
        "lightly-too-large",
        "DATASOURCE_FILE_TOO_LARGE|PAYLOAD_TOO_LARGE",
        "what was sent to Lightly, or a file of the datasource that it reads, is too large for it",
        "split it: a list of relevant files, metadata and predictions have limits of their own",
        False,
    ),
    Sign(
        "lightly-relevant-files",
        "RELEVANT_FILENAMES_INVALID",
        "the list of relevant files is not as Lightly reads it, or is not there",
        "one path a line, relative to the INPUT datasource, in a file of the LIGHTLY datasource "
        "(https://docs.lightly.ai/docs/relevant-filenames)",
        False,
    ),
    Sign(
        "lightly-run-configuration",
        r"DOCKER_WORKER_CONFIG_\w+|DATASOURCE_ACTION_NOT_IMPLEMENTED",
        "a run's configuration does not fit the dataset's datasource, or names files that are not there",
        "compare it with the datasource: `lightly-access audit <dataset>`; a kind of storage may not have everything",
        False,
    ),
    Sign(
        "lightly-no-worker",
        r"DOCKER_WORKER_(?:UNKNOWN|SCHEDULE\w*)|No scheduled run found",
        "there is no such worker, or no such run, at Lightly (any more)",
        "register the worker, and schedule the run anew: `lightly-access schedule <dataset>`",
        False,
    ),
    Sign(
        "lightly-files-unreadable",
        r"All \d+ \w+ have been flagged as corrupt",
        "the worker could open none of the files: they are broken, or it may list them and not read them",
        "look at one of them; then at the light `read` of INPUT: `lightly-access verify`",
        False,
    ),
    Sign(
        "lightly-file-malformed",
        r"Metadata attribute '\w+' is of type|Invalid JSON format",
        "a file of metadata or predictions in the LIGHTLY datasource is not as the worker reads it",
        "https://docs.lightly.ai/docs/common-errors-that-abort-the-lightly-worker says what it expects",
        False,
    ),
    Sign(
        "lightly-worker-version",
        r"lightly/worker\S* not found|pull access denied for lightly/worker|manifest for lightly/worker",
        "docker finds no such version of Lightly's worker",
        "correct the version: `lightly-access worker-command <dataset>` prints the line",
        False,
    ),
    Sign(
        "lightly-no-dataset",
        r"\bDATASET_UNKNOWN\b|A dataset with the (?:id|name) .{0,200} does not exist",
        "there is no such dataset at Lightly (any more)",
        way_out(404),
        False,
    ),
    _by_status(
        "lightly-token-refused",
        401,
        r"JWT_(?:INVALID|MALFORMED)|\bUNAUTHORIZED\b",
        "Lightly does not accept the token: wrong, ended, or of another server",
    ),
    _by_status("lightly-not-allowed", 403, r"\bFORBIDDEN\b", "the owner of the token may not do this at Lightly"),
    _by_status("lightly-not-there", 404, r"\bNOT_FOUND\b", "it is not at Lightly (any more)"),
    _by_status(
        "lightly-conflict", 409, r"\bCONFLICT\b", "it exists at Lightly already, or somebody else is changing it"
    ),
    _by_status(
        "lightly-wrong-request", 400, r"MALFORMED_REQUEST|\bBAD_REQUEST\b", "Lightly takes the request as wrong"
    ),
    _by_status("lightly-wrong-values", 422, r"(?!)", "Lightly takes the values as wrong"),
    _by_status("lightly-too-often", 429, r"(?!)", "Lightly was asked too often"),
    Sign(
        "lightly-no-answer",
        _STATUS.format(status=r"(?:50\d)") + r"|(?:no connection to|no answer from|the name of|the proxy before|"
        r"connection to) \S*lightly\.ai|lightly\.ai.{0,200}(?:refused|timed? ?out|resolve|unreachable)",
        "Lightly did not answer, or not as it should",
        "run it again later; is there a network, and is LIGHTLY_SERVER_LOCATION a Lightly server?",
        True,
    ),
)


@dataclass(frozen=True)
class LightlyCauses:
    """Lightly as one who refuses."""

    service: str = "Lightly"
    address: re.Pattern[str] | None = None
    dialect: re.Pattern[str] = re.compile(
        r"Lightly answered|api\.lightly\.ai|ApiException|lightly\.openapi_generated|\bDATASET_[A-Z]{4}|\bJWT_[A-Z]{4}|"
        r"LIGHTLY_TOKEN|a call to Lightly|(?:PLAN|SUBSCRIPTION)_INSUFFICIENT\b|USER_ACCOUNT_|RESOURCE_IN_USE|"
        r"\bDOCKER_(?:WORKER|RUN)_|PAYLOAD_TOO_LARGE|"
        r"A dataset with the (?:id|name)|lightly/worker|flagged as corrupt|No scheduled run found|Metadata attribute '"
    )

    def known(self) -> Iterator[tuple[Known, str]]:
        """As `Causes.known`."""
        return ((sign.known({}), sign.words) for sign in SIGNS)

    def in_text(self, text: str) -> tuple[Cause, bool] | None:
        return next(((cause, sign.vague) for sign in SIGNS if (cause := sign.in_text(text, {}))), None)


LIGHTLY = LightlyCauses()
