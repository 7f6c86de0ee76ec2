"""How Slack's clicks, forms and commands come in: over HTTP or over a socket, and one function behind both."""
