"""Permissions boundaries of users, which moto forgets (it keeps those of roles)."""

import re

_END = re.compile(rb"</User>")


class Boundaries:
    """The ARN of the boundary of every user that has one."""

    def __init__(self) -> None:
        self._of_user: dict[tuple[str, str], str] = {}

    def of_user(self, account: str, user_name: str) -> str | None:
        return self._of_user.get((account, user_name))

    def set(self, account: str, user_name: str, arn: str | None) -> None:
        """Set or, with None, remove it."""
        if arn is None:
            self._of_user.pop((account, user_name), None)
        else:
            self._of_user[account, user_name] = arn

    def attached(self, account: str, arn: str) -> bool:
        """Whether a managed policy of the account is the boundary of any user."""
        return any(owner == account and bound == arn for (owner, _), bound in self._of_user.items())

    def rename(self, account: str, user_name: str, new_name: str) -> None:
        arn = self.of_user(account, user_name)
        self.set(account, user_name, None)
        self.set(account, new_name, arn)

    def show(self, account: str, user_name: str, body: bytes) -> bytes:
        """A response about one user, with its boundary in it."""
        arn = self.of_user(account, user_name)
        if not arn:
            return body
        text = (
            "<PermissionsBoundary><PermissionsBoundaryType>Policy</PermissionsBoundaryType>"
            f"<PermissionsBoundaryArn>{arn}</PermissionsBoundaryArn></PermissionsBoundary></User>"
        )
        return _END.sub(text.encode(), body, count=1)
