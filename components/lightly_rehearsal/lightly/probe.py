"""What a registered credential can do in its directory: list, read, write, overwrite.

Lightly asks for an existing directory, which may be empty (https://docs.lightly.ai/docs/cloud-storage): so one object
or a placeholder must be below it. Each question is put to AWS, and what AWS says is the answer's text. Where the real
Lightly writes its probe is not known; here it is `.lightly/verify-<random>`, removed again when deleting is
permitted.
"""

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypedDict

from botocore.exceptions import BotoCoreError, ClientError

from lightly_rehearsal.lightly.aws import Aws, Bucket, identity, s3_client, scheme
from lightly_rehearsal.lightly.models import Obs
from lightly_rehearsal.lightly.paths import Directory, directory

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Question = Literal["list", "read", "write", "overwrite"]
READING: tuple[Question, ...] = ("list", "read")
WRITING: tuple[Question, ...] = ("write", "overwrite")
_TRIES = " (reached max retries: 0)"
_PROBE = ".lightly/verify-"
_ENOUGH = 100  # keys to look through for one that is not a placeholder


class _Sealed(TypedDict, total=False):
    ServerSideEncryption: Literal["aws:kms"]
    SSEKMSKeyId: str


class _No(Exception):
    """A question was answered with no; the text says why."""


@dataclass(slots=True)
class Findings:
    """What was refused, and with which words; a question without words was answered with yes."""

    refused: dict[Question, str]

    def say(self, questions: tuple[Question, ...], why: str) -> None:
        """All of these are no, for one reason."""
        for question in questions:
            self.refused.setdefault(question, why)

    @contextlib.contextmanager
    def asking(self, *questions: Question, of: str) -> Iterator[None]:
        """Whatever AWS refuses inside is the answer to these questions about `of`."""
        try:
            yield
        except (ClientError, BotoCoreError, _No) as error:
            # botocore appends how often it tried; AWS did not say that
            self.say(questions, f"{str(error).replace(_TRIES, '')} ({of})")


def look(source: Bucket, aws: Aws, *, writing: bool) -> Findings:
    """Ask list and read, and with `writing` also write and overwrite; identities are assumed anew."""
    findings = Findings({})
    place = directory(source.full_path, scheme(source))
    who = identity(source)
    asked = READING + WRITING if writing else READING
    with findings.asking(*asked, of=f"{place.url} as {who}"):
        client = s3_client(source, aws)
        try:
            _read(client, place, who, findings)
            if writing:
                _write(client, place, who, None if isinstance(source, Obs) else source.kms_key_arn, findings)
        finally:
            client.close()
    return findings


def _read(client: "S3Client", place: Directory, who: str, findings: Findings) -> None:
    """List the directory; read what is in it, or its placeholder when nothing was listed."""
    keys: list[str] = []
    with findings.asking("list", of=f"{place.url} as {who}"):
        found = client.list_objects_v2(Bucket=place.bucket, Prefix=place.prefix, MaxKeys=_ENOUGH)
        keys = [item["Key"] for item in found.get("Contents", ())]
        if not keys and place.prefix:
            raise _No("NoSuchDirectory: nothing is stored below this path, not even a placeholder object")
    # Another verification's probe may be gone before it is read; a placeholder is the last choice.
    lasting = [key for key in keys if not key.startswith(f"{place.prefix}{_PROBE}")]
    key = next((key for key in lasting if not key.endswith("/")), lasting[0] if lasting else place.prefix)
    with findings.asking("read", of=f"{place.scheme}://{place.bucket}/{key} as {who}"):
        try:
            body = client.get_object(Bucket=place.bucket, Key=key or f".lightly/absent-{secrets.token_hex(8)}")["Body"]
        except client.exceptions.NoSuchKey:
            # AWS says so only to whom may read and list: an empty bucket gives no better question.
            if key:
                raise
            return
        try:
            body.read(1)
        finally:
            body.close()


def _write(client: "S3Client", place: Directory, who: str, kms_key: str | None, findings: Findings) -> None:
    """Write a probe object, write it again, and take it away."""
    key = f"{place.prefix}{_PROBE}{secrets.token_hex(8)}"
    of = f"{place.scheme}://{place.bucket}/{key} as {who}"
    sealed: _Sealed = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key} if kms_key else {}
    with findings.asking("write", "overwrite", of=of):
        client.put_object(Bucket=place.bucket, Key=key, Body=b"lightly verifies that it may write\n", **sealed)
        with findings.asking("overwrite", of=of):
            client.put_object(Bucket=place.bucket, Key=key, Body=b"lightly verifies that it may overwrite\n", **sealed)
        # Deleting is not among the questions; where it is refused the probe object stays.
        with contextlib.suppress(ClientError, BotoCoreError):
            client.delete_object(Bucket=place.bucket, Key=key)
