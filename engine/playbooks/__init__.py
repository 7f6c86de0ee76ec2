"""Playbooks as people change them: versions, a second person's approval, a trial on paper."""
