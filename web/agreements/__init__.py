"""What the pages of agreements show and ask: values for templates, made of facts; no address, no markup."""
