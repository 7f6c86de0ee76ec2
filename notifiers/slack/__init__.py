"""The Slack channel: what a message looks like, how it is posted, found, and shown anew (DELIVERY.md section 5)."""
