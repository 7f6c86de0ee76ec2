"""The doors of the house that are open by these settings: pages, signed links, Slack, incoming webhooks."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi import APIRouter
    from pydantic import SecretStr

    from config.settings import Settings
    from engine.clock import Clock
    from engine.monitor import Monitor
    from lifecycle.hooks import Hook
    from notifiers.slack.checking import Workspace
    from notifiers.slack.client import Declined
    from web.frame.operator import Operator
    from web.frame.site import Site
    from web.oidc.issuer import Issuer
    from web.slack.door import SlackDoor

_PATIENCE = 2.5  # seconds for a step of a call that opens a window: Slack takes it for three
_SIGN_IN = 5.0  # seconds for a step of a call to the issuer while somebody waits to be signed in
_HASTE = 0.7  # seconds for a step of a call while Slack waits for our answer


def doors(monitor: Monitor, settings: Settings) -> list[APIRouter]:
    """What people and programs may come in by. Raises YamlRefused, OSError for a file of hooks that cannot be taken."""
    from web import actions, metrics, unsubscribe

    found = [actions.router(monitor), unsubscribe.router(monitor)]
    found.append(metrics.router(monitor, _told(settings.metrics_token)))
    found.append(_feeds(monitor, settings))
    if settings.slack_mode == "http":
        from web.slack import routes

        found.append(
            routes.router(monitor, _slack(monitor, settings), signing_secret=_told(settings.slack_signing_secret))
        )
    if settings.hooks_file is not None:
        from config.hooks import load_hooks
        from web import hooks

        found.append(hooks.router(monitor, load_hooks(settings.hooks_file)))
    return found


def site(monitor: Monitor, settings: Settings) -> Site:
    """The pages for people who sign in. Raises OSError where the key cannot be made."""
    from cli import bootstrap
    from cli.checklists import OWN
    from cli.feeds import style_of
    from cli.rules import WrittenRules
    from jobs.catalogue import JOBS
    from web.frame.site import Site

    folder = settings.playbook_dir
    return Site(
        monitor=monitor,
        key=bootstrap.key(settings),
        data_dir=settings.data_dir,
        base_url=settings.base_url,
        root_path=settings.root_path,
        session_days=settings.session_days,
        upload_most=settings.upload_mb * 1024 * 1024,
        trusted=settings.trusted_proxies,
        auth_header=settings.auth_header,
        auth_trusted=settings.auth_trusted_proxies,
        issuer=issuer(settings, monitor.clock),
        intervals={job.name: job.interval for job in JOBS},
        fixed=frozenset(settings.model_fields_set),
        rules=WrittenRules(folder / OWN if folder else None),
        style=style_of(settings),
        operator=_operator(settings),
    )


def issuer(settings: Settings, clock: Clock) -> Issuer | None:
    """The company's own sign-in; None where there is none."""
    if not settings.oidc_issuer:
        return None
    from notifiers.outgoing import Caller
    from web.oidc.issuer import Issuer
    from web.oidc.registration import Registration

    registration = Registration(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=_told(settings.oidc_client_secret),
        back_to=f"{settings.base_url}/login/oidc/back",
        home=f"{settings.base_url}/login",
        role_claim=settings.oidc_role_claim,
        roles=settings.oidc_role_map,
    )
    allow = (*settings.outgoing_allow, registration.host)  # the operator has named it: it may be in the house
    return Issuer(registration, Caller(allow=allow, timeout=min(_SIGN_IN, settings.timings_timeout)), clock)


def _operator(settings: Settings) -> Operator:
    """What the operator's pages ask of the settings, the file of hooks and Slack."""
    from cli.webhooks import HouseWebhooks
    from web.frame.operator import Operator

    def hooks() -> Mapping[str, Hook]:
        from config.hooks import load_hooks

        return load_hooks(settings.hooks_file) if settings.hooks_file else {}

    def in_force() -> Mapping[str, object]:
        from config.settings_docs import shown

        return shown(settings)

    def slack() -> Workspace | Declined | None:
        if settings.slack_mode == "off":
            return None
        from notifiers.slack.checking import workspace
        from notifiers.slack.client import SlackClient

        token = _told(settings.slack_bot_token)
        return workspace(SlackClient(token, api_url=settings.slack_api_url, timeout=_PATIENCE))

    return Operator(
        settings=in_force,
        hooks=hooks,
        slack=slack,
        slack_mode=settings.slack_mode,
        is_shadow_set=settings.shadow_mode,
        webhooks=HouseWebhooks(settings),
    )


def _feeds(monitor: Monitor, settings: Settings) -> APIRouter:
    from cli.feeds import style_of
    from web.feeds.bodies import Bodies
    from web.feeds.door import Feeds, router

    bodies = Bodies(monitor, style_of(settings))
    return router(Feeds(monitor=monitor, bodies=bodies, started_at=monitor.clock.now()))


@contextmanager
def hearing_slack(monitor: Monitor, settings: Settings) -> Iterator[None]:
    """Listen to Slack's socket meanwhile, where that is how its clicks come in."""
    if settings.slack_mode != "socket":
        yield
        return
    from web.slack.listener import SlackListener

    listener = SlackListener(
        _slack(monitor, settings), app_token=_told(settings.slack_app_token), api_url=settings.slack_api_url
    )
    listener.start()
    try:
        yield
    finally:
        listener.close()


def _slack(monitor: Monitor, settings: Settings) -> SlackDoor:
    from notifiers.slack.client import SlackClient
    from web.slack.door import SlackDoor
    from web.slack.people import Accounts

    token, url = _told(settings.slack_bot_token), settings.slack_api_url
    accounts = Accounts(monitor, SlackClient(token, api_url=url, timeout=_HASTE))
    return SlackDoor(monitor, SlackClient(token, api_url=url, timeout=_PATIENCE), accounts)


def _told(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
