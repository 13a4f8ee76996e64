"""The line that everything hangs on: from the manifest to the lights."""

from tools.pictures.drawing import WIDTH, Box, arrow, card, words

OFFLINE, ENGINE = "#e3f0fb", "#e7f6ec"
STEPS = (
    Box("stack configuration", "YAML: one manifest, or a folder of files", OFFLINE),
    Box("Manifest", "all problems at once, and what Lightly could do, proved", OFFLINE),
    Box("stores", "buckets, containers, folders: made here, or yours", ENGINE),
    Box("accesses", "an identity, the narrowest documents, a credential", ENGINE),
    Box("Datasource", "registered at Lightly, as INPUT and as LIGHTLY", ENGINE),
    Box("Verification", "Lightly asked, credential tried, documents proved", ENGINE),
    Box("lights", "per purpose and capability: expected, actual, evidence", ENGINE),
)
_HEIGHT, _STEP, _LEFT, _TOP = 56, 82, 24, 40


def picture() -> str:
    parts, width = [], WIDTH - 2 * _LEFT
    for place, step in enumerate(STEPS):
        y = _TOP + place * _STEP
        if place == 0:
            parts.append(words(_LEFT, y - 12, "offline: nothing is touched"))
        elif step.tint == ENGINE and STEPS[place - 1].tint == OFFLINE:
            parts.append(words(_LEFT, y - 9, "from here on Pulumi's engine"))
        if place:
            parts.append(arrow(WIDTH / 2, y - _STEP + _HEIGHT, y))
        parts.append(step.drawn(_LEFT, y, width, _HEIGHT))
    return card("From the manifest to the lights", _TOP + len(STEPS) * _STEP, parts)
