"""What a person configures, read once and handed on as values: settings, playbooks, checklists, calendars, logging."""
