"""What people see over HTTP: pages, API, feeds, signed links.

It asks the engine to act and reads through ``store.queries``; it never calls the scheduler.
"""
