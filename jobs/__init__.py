"""The scheduler that only looks: a handful of jobs, each asking one indexed question."""
