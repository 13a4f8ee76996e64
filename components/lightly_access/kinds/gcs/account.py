"""The table of a project of Google Cloud."""

from pydantic import Field

from lightly_access.kinds.gcs import fields
from lightly_access.tables.table import AccountTable


class GcpProject(AccountTable):
    """A project of Google Cloud, with the environment's login or as a service account that it may impersonate."""

    cloud: fields.GcpWord = Field(description="What kind of account this is: gcp")
    project: fields.Project = Field(description="The id of the project; its stores name it too")
    impersonate: fields.ServiceAccountEmail | None = Field(
        default=None, description="The service account that deploys there, impersonated with your login"
    )
