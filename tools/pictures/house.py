"""The floors of the code: what stands higher imports what stands lower, and never the other way."""

from tools.pictures.drawing import WIDTH, Box, arrow, card

FLOORS = (
    (Box("lightly_cli", "the command line: one verb a file", "#fdf3d8"),),
    (Box("lightly_sandbox", "local clouds, a local Lightly, the rehearsal", "#f3e8fd"),),
    (
        Box("lightly_provider", "the Pulumi plugin: what happens at Lightly", "#e7f6ec"),
        Box("lightly_package", "the components in other languages", "#eef7e0"),
    ),
    (Box("lightly_access", "manifest, kinds of store, components, analysis, audit", "#e3f0fb"),),
    (
        Box("lightly_policies", "documents, proof, guardrails", "#fbe9e7"),
        Box("lightly_api", "Lightly's REST API", "#e0f5f5"),
    ),
    (Box("lightly_core", "words that every floor shares"),),
)
"""From the top; a test compares them with what the code imports."""
_HEIGHT, _STEP, _LEFT, _GAP = 56, 80, 24, 16


def picture() -> str:
    parts = []
    for place, floor in enumerate(FLOORS):
        y = _LEFT + place * _STEP
        for x, width, box in _placed(floor):
            parts.append(box.drawn(x, y, width, _HEIGHT))
        if place:
            most = max(FLOORS[place - 1], floor, key=len)
            parts += [arrow(x + width / 2, y - _STEP + _HEIGHT, y) for x, width, _ in _placed(most)]
    return card("The floors of the code", _LEFT + len(FLOORS) * _STEP, parts)


def _placed(floor: tuple[Box, ...]) -> list[tuple[float, float, Box]]:
    """Each box with where it begins and how wide it is."""
    width = (WIDTH - 2 * _LEFT - _GAP * (len(floor) - 1)) / len(floor)
    return [(_LEFT + column * (width + _GAP), width, box) for column, box in enumerate(floor)]
