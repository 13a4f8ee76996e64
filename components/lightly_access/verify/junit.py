"""What `verify` found, as JUnit XML: a test case for each light, so that a pipeline lists them.

The form is what Jenkins, GitLab and GitHub's reporters take:
https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
A red light is a failure, and so is what somebody changed in the cloud; a light that nobody could ask about is skipped,
a dataset that could not be asked is an error.
"""

import re
from xml.etree import ElementTree as ET

from lightly_core.hint import with_hint

from lightly_access.verify.document import time
from lightly_access.verify.lights import VerifiedDataset, VerifiedLight, VerifiedStack

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold: https://www.w3.org/TR/xml/#charsets."""


def as_xml(found: VerifiedStack) -> str:
    """The document: a suite for each dataset that has lights, or an error."""
    suites = ET.Element("testsuites", name=_text(f"lightly-access verify {found.project}/{found.stack}"))
    for dataset in found.datasets:
        if not dataset.revoked:
            suites.append(_suite(dataset, found))
    for name in ("tests", "failures", "errors"):
        suites.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    ET.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"


def _suite(dataset: VerifiedDataset, found: VerifiedStack) -> ET.Element:
    suite = ET.Element("testsuite", name=_text(dataset.name), timestamp=(time(found.at) or "").removesuffix("Z"))
    for light in dataset.lights:
        suite.append(_case(dataset, light))
    for finding in dataset.drift:
        case = ET.SubElement(suite, "testcase", classname=_text(f"{dataset.name}.drift"), name=_text(finding.rule))
        failure = ET.SubElement(case, "failure", type=finding.severity.value, message=_line(finding.what))
        failure.text = _text(with_hint(f"{finding.where}: {finding.what}: {finding.why}", finding.fix))
    if dataset.error:
        case = ET.SubElement(suite, "testcase", classname=_text(dataset.name), name="could be asked")
        ET.SubElement(case, "error", type="not asked", message=_line(dataset.error)).text = _text(dataset.error)
    counts = {"tests": "testcase", "failures": "testcase/failure", "errors": "testcase/error"}
    for name, path in {**counts, "skipped": "testcase/skipped"}.items():
        suite.set(name, str(len(suite.findall(path))))
    if dataset.notes:
        ET.SubElement(suite, "system-out").text = _text("\n".join(dataset.notes))
    return suite


def _case(dataset: VerifiedDataset, light: VerifiedLight) -> ET.Element:
    case = ET.Element("testcase", classname=_text(f"{dataset.name}.{light.purpose}"), name=light.name)
    if not light.now.ok:
        cause = light.now.cause or "nobody could tell why"
        failure = ET.SubElement(case, "failure", type=str(light.change), message=_line(cause))
        since = f"{light.change}, compared with {time(dataset.since) or 'nothing: it was never verified'}"
        failure.text = _text(f"{since}\n{with_hint(cause, light.now.fix, light.now.runbook)}")
    elif not light.asked:
        ET.SubElement(case, "skipped", message="it rests on the probe, and the key could not be used")
    return case


def _line(text: str) -> str:
    return _text(text.partition("\n")[0])


def _text(text: str) -> str:
    return _NOT_XML.sub(" ", text)
