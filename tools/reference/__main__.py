"""`python -m tools.reference` writes the pages anew."""

from tools.reference.pages import PAGES

if __name__ == "__main__":
    for file, page in PAGES.items():
        file.write_text(page(), encoding="utf-8")
