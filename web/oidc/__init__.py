"""Signing in with the company's own identity: an issuer that speaks OpenID Connect, asked by code and PKCE."""
