"""Jobs run in a whole house under a virtual clock."""

from tests.support.world import world  # noqa: F401 - the fixture of the jobs
