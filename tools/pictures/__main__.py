"""`python -m tools.pictures` draws the flow and the house anew."""

from pathlib import Path

from tools.pictures import flow, house

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
DRAWN = {FOLDER / "flow.svg": flow.picture, FOLDER / "house.svg": house.picture}
"""Each picture that is drawn, and what draws it. A test compares them."""

if __name__ == "__main__":
    for file, picture in DRAWN.items():
        file.write_text(picture(), encoding="utf-8")
