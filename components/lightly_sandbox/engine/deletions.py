"""After the program has ended: deletes what it did not ask for, and what waits for its deletion since it was replaced.

Source: `GenerateDeletes` in `pkg/resource/deploy/step_generator.go` and `performPostSteps` in
`deployment_executor.go` of pulumi/pulumi.
"""

from concurrent.futures import ThreadPoolExecutor

from lightly_sandbox.engine import graph, planner
from lightly_sandbox.engine.answers import ProviderError
from lightly_sandbox.engine.executor import Executor
from lightly_sandbox.engine.ledger import CredentialLog
from lightly_sandbox.engine.planner import Action, RefusedError
from lightly_sandbox.engine.registry import Registry
from lightly_sandbox.engine.run import Run, StoppedError
from lightly_sandbox.engine.state import Resource


def delete_rest(run: Run, credential_log: CredentialLog, registry: Registry, executor: Executor) -> None:
    """Delete in rounds, dependents first. What something that could not be deleted depends on stays."""
    actions = _plan(credential_log)
    for item in actions:
        if item.provider:
            registry.get(item.provider)
    blocked: set[Resource] = set()
    with ThreadPoolExecutor(run.parallel, thread_name_prefix="delete") as pool:
        for items in graph.deletion_rounds(credential_log.base, actions.keys()):
            run.check()
            todo = [item for item in items if item not in blocked]
            gone = pool.map(lambda item: _delete(run, credential_log, executor, actions[item]), todo)
            for item, deleted in zip(todo, gone, strict=True):
                if not deleted:
                    blocked |= graph.all_dependencies(credential_log.base, item)


def _plan(credential_log: CredentialLog) -> dict[Resource, Action]:
    actions: dict[Resource, Action] = {}
    for item in credential_log.base:
        already = (
            item.delete and item in credential_log.gone
        )  # with something that was deleted before its successor existed
        action = None if already else planner.deletion(item, operated=credential_log.was_operated(item))
        if action:
            actions[item] = action
            credential_log.deleted.add(item.urn)
    return actions


def _delete(run: Run, credential_log: CredentialLog, executor: Executor, action: Action) -> bool:
    """Whether it is gone. A protected resource does not stop the others; any other failure does."""
    try:
        executor.do(action, credential_log.deleted)
    except RefusedError as error:
        run.diagnose(str(error), action.resource.urn)
        if run.preview:
            run.done(action, count="")
    except ProviderError as error:
        run.fail(str(error), action.resource.urn)
    except StoppedError:
        pass
    else:
        return True
    return False
