"""Whether the condition of a binding is one that Google Cloud takes, before anybody deploys it."""

import json

from lightly_core.capability import Purpose
from lightly_core.fault import Fault

from lightly_access.kinds.gcs.store import GcsStore
from lightly_access.tables.datasource import Datasource

_SURELY_SMALL = 150
"""Characters of a path as a condition writes it, which has it a few times; a condition takes 2048."""


def fault(purpose: Purpose, source: Datasource, store: GcsStore) -> Fault | None:
    """The fault of a condition beyond Google's limit: https://cloud.google.com/iam/quotas"""
    if len(json.dumps(source.path)) < _SURELY_SMALL:
        return None
    from lightly_policies.render_gcs import gcs_binding
    from lightly_policies.rendering import UnrenderableDocumentError

    role = f"projects/{store.project}/roles/lightly_{purpose.lower()}"
    member = f"serviceAccount:lightly@{store.project}.iam.gserviceaccount.com"
    try:
        gcs_binding(store.bucket, source.path, role=role, member=member)
    except UnrenderableDocumentError as error:
        return Fault(f"a path that fits into one condition: {error.fault}", error.hint)
    return None
