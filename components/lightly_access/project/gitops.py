"""What else may deploy a project than its pipelines: its files, and their templates in templates/gitops."""

from collections.abc import Mapping, Sequence

NONE = "none"
_FILES: Mapping[str, Mapping[str, str]] = {
    "operator": {"gitops/operator.yaml": "operator.yaml"},
    "argocd": {"gitops/argocd.yaml": "argocd.yaml", "gitops/argocd-health.yaml": "argocd-health.yaml"},
    "deployments": {"Pulumi.{stack}.deploy.yaml": "deploy.yaml"},
    "esc": {"gitops/esc.yaml": "esc.yaml"},
    "backstage": {
        "catalog-info.yaml": "backstage/catalog-info.yaml",
        "backstage/template.yaml": "backstage/template.yaml",
        "backstage/skeleton/${{ values.dataset }}.yaml": "backstage/skeleton.yaml",
    },
}
FOLDERS = ("gitops/", "backstage/")
"""Written once: names are put in there."""
WORDS = (*_FILES, NONE)
"""Pulumi's Kubernetes Operator, Argo CD (of its resources), Pulumi Deployments, Pulumi ESC, a form in Backstage."""


def chosen(text: str) -> list[str]:
    """The words of `operator,argocd`."""
    return [word.strip() for word in text.split(",")]


def templates(text: str, stacks: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The template of each file, and the stack that it is about: the first, where it is about all of them. Argo CD's
    holds the operator's, which is therefore written too."""
    words = chosen(text)
    if "argocd" in words:
        words = ["operator", *words]
    found = [files for word in words for files in _FILES.get(word, {}).items()]
    about = {name: stacks if "{stack}" in name else stacks[:1] for name, _ in found}
    return {
        name.replace("{stack}", stack): (f"gitops/{template}", stack)
        for name, template in found
        for stack in about[name]
    }
