"""Who watches the watcher: self-audit, heartbeat, canary, instances, and what stands around the rows."""
