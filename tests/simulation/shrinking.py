"""Makes a plan that fails as short as can be: the same invariant still does not hold, and nothing can be left out."""

from tests.simulation.run import Run


def shrunk(plan, name, variant=None):
    """*plan* without whatever *name* does not need to fail."""
    plan = _shortened(plan, lambda one: _fails(one, name, variant))
    fewer = plan._replace(workers=1)
    return fewer if plan.workers > 1 and _fails(fewer, name, variant) else plan


def _shortened(plan, still_fails):
    """Halves first, then single troubles, until none can go."""
    size = max(1, len(plan.troubles) // 2)
    while True:
        shorter = next(filter(still_fails, _without(plan, size)), None)
        if shorter is not None:
            plan = shorter
        elif size == 1:
            return plan
        else:
            size //= 2


def _without(plan, size):
    """The plan without each stretch of so many troubles."""
    for start in range(0, len(plan.troubles), size):
        yield plan._replace(troubles=plan.troubles[:start] + plan.troubles[start + size :])


def _fails(plan, name, variant):
    violated = Run(plan, variant).outcome()
    return violated is not None and violated.name == name
