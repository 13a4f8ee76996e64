"""`gh`, of which nothing is there but what our workflows use; it refuses what GitHub refuses.

Run as a program. FAKE_GITHUB is a file: {"repository": ..., "tokens": {token: permissions},
"comments": {number: [...]}, "issues": [...]}. https://cli.github.com/manual/ and https://docs.github.com/en/rest have
the rules.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

FILE = Path(os.environ.get("FAKE_GITHUB", ""))
PAGE, LONGEST = 30, 65536
FIELDS = {"author", "body", "number", "state", "title", "url"}
BOT = {"id": "1", "is_bot": True, "login": "app/github-actions", "name": ""}


def refuse(said: str, code: int = 1) -> NoReturn:
    print(said, file=sys.stderr)
    sys.exit(code)


class Words(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        refuse(message)


def parsed() -> argparse.Namespace:
    """As gh reads its arguments."""
    words = Words(prog="gh", allow_abbrev=False)
    commands = words.add_subparsers(dest="command", required=True, parser_class=Words)
    api = commands.add_parser("api", allow_abbrev=False)
    api.add_argument("path")
    for flag in ("--paginate", "--slurp", "--silent"):
        api.add_argument(flag, action="store_true")
    api.add_argument("--method")
    api.add_argument("--field", action="append", default=[])
    issue = commands.add_parser("issue", allow_abbrev=False).add_subparsers(
        dest="deed", required=True, parser_class=Words
    )
    flags = {
        "list": ("--state", "--limit", "--json"),
        "create": ("--title", "--body-file"),
        "edit": ("--body-file",),
        "close": ("--comment",),
    }
    for deed, taken in flags.items():
        command = issue.add_parser(deed, allow_abbrev=False)
        for flag in taken:
            command.add_argument(flag, required=True)
        if deed in ("edit", "close"):
            command.add_argument("number", type=int)
    return words.parse_args()


def may(state: dict[str, Any], what: str, level: str) -> None:
    """End where the token may not."""
    token = os.environ.get("GH_TOKEN") or refuse(
        "gh: To use GitHub CLI in a GitHub Actions workflow, set the GH_TOKEN environment variable.", 4
    )
    if token not in state["tokens"]:
        refuse("gh: Bad credentials (HTTP 401)")
    if state["tokens"][token].get(what) not in (level, "write"):
        refuse("gh: Resource not accessible by integration (HTTP 403)")


def text_of(path: str) -> str:
    text = Path(path).read_text()
    if not text.strip():
        refuse("gh: body can't be blank (HTTP 422)")
    if len(text) > LONGEST:
        refuse(f"gh: body is too long (maximum is {LONGEST} characters) (HTTP 422)")
    return text


def api(state: dict[str, Any], asked: argparse.Namespace) -> None:
    """Comments of issues, which those of pull requests are as well."""
    fields = dict(field.split("=", 1) for field in asked.field)
    if fields.keys() - {"body"} or (asked.slurp and not asked.paginate):
        refuse("gh: unknown field, or --slurp without --paginate")
    method = asked.method or ("POST" if fields else "GET")
    head = f"repos/{state['repository']}/issues/"
    if not asked.path.startswith(head):
        refuse("gh: Not Found (HTTP 404)")
    may(state, "pull-requests", "read" if method == "GET" else "write")
    body = text_of(fields["body"][1:]) if fields.get("body", "").startswith("@") else fields.get("body")
    match (method, *asked.path.removeprefix(head).split("/")):
        case ("GET", number, "comments") if number in state["comments"]:
            print(json.dumps(list(pages(state["comments"][number])) if asked.slurp else state["comments"][number]))
        case ("POST", number, "comments") if number in state["comments"] and body:
            new = 1000 + sum(map(len, state["comments"].values()))
            state["comments"][number].append({"id": new, "user": {"login": "github-actions[bot]"}, "body": body})
        case ("PATCH", "comments", number) if body:
            found = [each for all_ in state["comments"].values() for each in all_ if str(each["id"]) == number]
            if not found or found[0]["user"]["login"] != "github-actions[bot]":
                refuse("gh: Not Found (HTTP 404)")
            found[0]["body"] = body
        case _:
            refuse("gh: Not Found (HTTP 404)")


def pages(found: list[Any]) -> Iterator[list[Any]]:
    yield from (found[at : at + PAGE] for at in range(0, max(len(found), 1), PAGE))


def issue(state: dict[str, Any], asked: argparse.Namespace) -> None:
    if os.environ.get("GH_REPO") != state["repository"]:
        refuse("failed to determine base repo: not a git repository")
    may(state, "issues", "read" if asked.deed == "list" else "write")
    issues = state["issues"]
    if asked.deed == "list":
        if (unknown := set(asked.json.split(",")) - FIELDS) or asked.state not in ("open", "closed", "all"):
            refuse(f"Unknown JSON field or state: {unknown}")
        seen = [each for each in issues if asked.state in ("all", each["state"].lower())][: int(asked.limit)]
        print(json.dumps([{name: each[name] for name in asked.json.split(",")} for each in seen]))
    elif asked.deed == "create":
        number = len(issues) + 1
        url = f"https://github.com/{state['repository']}/issues/{number}"
        new = {"number": number, "title": asked.title, "body": text_of(asked.body_file), "author": BOT, "url": url}
        issues.append({**new, "state": "OPEN", "comments": []})
    else:
        (found,) = [each for each in issues if each["number"] == asked.number] or refuse("GraphQL: Could not resolve")
        if asked.deed == "edit":
            found["body"] = text_of(asked.body_file)
        else:
            found["state"] = "CLOSED"
            found["comments"].append(asked.comment)


def main() -> None:
    state, asked = json.loads(FILE.read_text()), parsed()
    (api if asked.command == "api" else issue)(state, asked)
    FILE.write_text(json.dumps(state))


if __name__ == "__main__":
    main()
