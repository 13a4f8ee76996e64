from typing import Any

import pytest
from lightly_access.deployed.stack import deployed
from lightly_access.verify.asked import asked


@pytest.mark.parametrize("resources", [None, True, 7, "text", {}, [], [None, 7, []]])
def test_a_deployment_without_a_list_of_resources_has_none_of_ours(resources: Any) -> None:
    document = {"version": 3, "deployment": {"resources": resources}}
    assert deployed(document).datasets == ()
    assert not deployed(document).stores
    assert asked(document) == {}
