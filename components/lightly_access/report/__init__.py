"""The lights of a deployment, for people and machines: a terminal table, JSON, one HTML page.

`lights` holds the values, `document` is their JSON, `view` puts them into words once, and `terminal` and `html` show
those words. Nothing in here asks a cloud anything; rich and jinja2 are imported only by the module that draws with
them.
"""

from lightly_access.report.lights import DatasetLights, DatasourceLights, Phase, Report

__all__ = ["DatasetLights", "DatasourceLights", "Phase", "Report"]
