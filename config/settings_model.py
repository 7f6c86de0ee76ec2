"""All settings, in groups, each with its default and its meaning.

A group's docstring is its heading in the table of all settings. What is not given has its default; an empty value is
the same as none. Nothing here reads anything: ``config.settings`` does.
"""

from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config import settings_values as written
from config.settings_values import Weekly, Written
from lifecycle.delivery import Timings

Port = Annotated[int, Field(ge=0, le=65535)]
ServerPort = Annotated[int, Field(ge=1, le=65535)]
Count = Annotated[int, Field(ge=0)]
Number = Annotated[int, Field(ge=1)]
Few = Annotated[int, Field(ge=1, le=32)]
Horizon = Annotated[int, Field(ge=1, le=1200)]  # a hundred years: what a period may count stays above
Days = Annotated[int, Field(ge=1, le=3650)]
Megabytes = Annotated[int, Field(ge=1, le=10_000)]
Rate = Annotated[float, Field(gt=0, le=1000)]
Seconds = Annotated[float, Field(gt=0, le=604_800)]
CalendarCode = Annotated[str, Written("a calendar's code, such as DE-BE, GB-ENG or XECB")]


class Placement(BaseModel):
    """Where it lives"""  # noqa: D400 - a heading

    data_dir: written.Place = Field(Path("data"), description="The folder of the database, the documents and the key.")
    database_url: written.DatabaseUrl | None = Field(
        None, description="The database; without it SQLite, longstop.db in the data folder."
    )
    host: written.Host = Field("127.0.0.1", description="The address to listen on; the container image says 0.0.0.0.")
    port: Port = Field(8080, description="The port to listen on; 0 takes a free one.")
    root_path: written.RootPath = Field("", description="The path under which a proxy serves Longstop.")
    base_url: written.WebUrl = Field(
        "http://localhost:8080", description="The address that people open; links in messages begin with it."
    )
    trusted_proxies: written.Networks = Field((), description="Proxies whose X-Forwarded headers count.")
    upload_mb: Megabytes = Field(20, description="The largest file that may be uploaded or imported, in megabytes.")


class Operation(BaseModel):
    """How it runs"""  # noqa: D400 - a heading

    log_format: Literal["auto", "console", "json"] = Field(
        "auto", description="The form of the log: auto is console on a terminal, else JSON lines."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least that is logged.")
    shadow_mode: bool = Field(default=False, description="All is composed and logged, nothing leaves.")
    senders: Few = Field(
        8, description="How many messages are handed over at once; fewer where a mail server takes fewer connections."
    )
    heartbeat_url: written.SecretWebUrl | None = Field(
        None, description="Called after a clean self-audit; its silence is the alarm."
    )
    metrics_token: written.Secret | None = Field(None, description="The bearer token that may read /metrics.")
    backup_at: written.Clock = Field(time(2, 30), description="When the nightly backup is made.")
    backup_keep: Number = Field(14, description="How many backups are kept.")
    horizon_months: Horizon = Field(60, description="How many months ahead deadlines are kept as rows.")


class Organisation(BaseModel):
    """Your organisation"""  # noqa: D400 - a heading

    organisation: str = Field("", description="Its name, as messages and pages say it.")
    time_zone: written.Zone = Field("UTC", description="The zone of agreements and people that name none.")
    calendar: CalendarCode = Field(
        "",
        description="The holiday calendar of people who name none, for their messages; an agreement goes by its law.",
    )
    send_at: written.Clock = Field(time(8, 30), description="When messages leave, in the agreement's zone.")
    digest_at: written.WeeklyClock = Field(
        Weekly(0, time(8, 30)), description="When digests leave, in the recipient's zone."
    )
    playbook_dir: written.Place | None = Field(
        None, description="A folder of playbooks of your own; checklists lie in its folder checklists."
    )
    playbook_approval_over: Count = Field(
        0, description="Applying a playbook to more agreements than this needs a second person; 0 is off."
    )


class Feeds(BaseModel):
    """Calendar feeds"""  # noqa: D400 - a heading

    feed_refresh: written.Refresh = Field(timedelta(hours=6), description="How often calendar programs should ask.")
    feed_max_detail: Literal["full", "redacted", "busy"] = Field("full", description="The most that a feed may tell.")


class Mail(BaseModel):
    """E-mail"""  # noqa: D400 - a heading

    smtp_host: written.Host = Field("", description="The mail server; without it no mail leaves.")
    smtp_port: ServerPort = Field(587, description="The mail server's port.")
    smtp_username: str = Field("", description="The name to log in with.")
    smtp_password: written.Secret | None = Field(None, description="The password to log in with.")
    smtp_tls: Literal["starttls", "tls", "none"] = Field("starttls", description="How the connection is encrypted.")
    mail_from: written.Mailbox = Field("", description="The sender of all mails.")
    mail_reply_to: written.Mailbox = Field("", description="Where answers by mail go.")
    mail_domain: written.Host = Field("", description="The domain in Message-IDs; without it the sender's.")
    mail_redact_subject: bool = Field(default=False, description="Subjects tell the reference alone.")
    mail_calendar: Literal["off", "publish", "request"] = Field("off", description="Whether mails bring invitations.")
    mail_in_doubt: Literal["resend", "hold"] = Field(
        "resend", description="What happens when nobody knows whether a mail was taken."
    )
    external_mail: Literal["draft", "send"] = Field(
        "draft", description="Mail to a counterparty: drafted for the owner to forward, or sent."
    )
    bounce_imap_url: written.SecretImapUrl | None = Field(
        None, description="The mailbox where mails come back; it is only read."
    )
    bounce_address: written.Mailbox = Field(
        "", description="Its address, before whose @ +ID is put; without it bounce@ the domain of Message-IDs."
    )


class Slack(BaseModel):
    """Slack"""  # noqa: D400 - a heading

    slack_mode: Literal["off", "socket", "http"] = Field("off", description="How Slack's clicks reach Longstop.")
    slack_bot_token: written.Secret | None = Field(None, description="The bot's token, xoxb-...")
    slack_app_token: written.Secret | None = Field(None, description="The app's token, xapp-..., for socket mode.")
    slack_signing_secret: written.Secret | None = Field(None, description="Checks Slack's calls in http mode.")
    slack_channel: str = Field("", description="The channel that hears what reached nobody.")
    slack_api_url: written.WebUrl = Field("", description="Another Slack API, for tests and gateways.")
    slack_rate: Rate = Field(1.0, description="Messages a second to one workspace.")
    slack_in_doubt: Literal["fallback", "hold"] = Field(
        "fallback", description="What happens when nobody knows whether Slack took a message."
    )


class Doors(BaseModel):
    """Webhooks and other doors"""  # noqa: D400 - a heading

    hooks_file: written.Place | None = Field(None, description="The YAML file of incoming webhooks.")
    outgoing_allow: written.Hosts = Field((), description="Private hosts or networks that webhooks may reach.")


class Access(BaseModel):
    """Who gets in"""  # noqa: D400 - a heading

    secret_key: written.LongSecret | None = Field(
        None, description="Signs links, forms and webhooks; without it one is made once, secret-key in the data folder."
    )
    session_days: Days = Field(14, description="How long a login holds, in days.")
    admin_email: written.Mailbox = Field("", description="The first admin, made at the first start.")
    admin_password: written.Password | None = Field(None, description="The first admin's password.")
    auth_header: written.Header = Field("", description="The header in which a proxy names the person.")
    auth_trusted_proxies: written.Networks = Field((), description="Proxies whose AUTH_HEADER counts.")
    oidc_issuer: written.WebUrl = Field(
        "", description="The OpenID Connect issuer that signs people in; docs/sign-in.md says what to set up there."
    )
    oidc_client_id: str = Field("", description="Longstop's name at the issuer.")
    oidc_client_secret: written.Secret | None = Field(None, description="Longstop's secret at the issuer.")
    oidc_role_claim: str = Field("groups", description="The claim of the issuer's token that holds a person's groups.")
    oidc_role_map: written.RoleMap = Field(
        {},
        description="Which group has which role; the first that fits counts, in none one is a viewer. Without it "
        "everybody has the role that they have here.",
    )


class Waits(BaseModel):
    """Waits, for tests of real processes (leave them alone in operation)"""  # noqa: D400 - a heading

    timings_lease: Seconds = Field(60.0, description="Seconds a sender may hold a message.")
    timings_timeout: Seconds = Field(15.0, description="Seconds one step of a connection may take.")
    timings_quarantine: Seconds = Field(180.0, description="Seconds of rest after an outcome that nobody knows.")
    timings_poll: Seconds = Field(2.0, description="Seconds between two looks at the outbox.")
    timings_doubt: Seconds = Field(3600.0, description="Seconds after which a doubt is settled one way or the other.")
    timings_retry: Seconds = Field(15.0, description="Seconds before the second attempt; it doubles from there.")
    timings_retry_max: Seconds = Field(3600.0, description="The longest wait between two attempts, in seconds.")


GROUPS: tuple[type[BaseModel], ...] = (Placement, Operation, Organisation, Feeds, Mail, Slack, Doors, Access, Waits)


class Settings(Placement, Operation, Organisation, Feeds, Mail, Slack, Doors, Access, Waits, BaseSettings):
    """What a person configured: one frozen value that ``cli.bootstrap`` takes apart and hands on."""

    model_config = SettingsConfigDict(
        env_prefix="LONGSTOP_", env_ignore_empty=True, validate_default=False, frozen=True, extra="ignore"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the same
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what ``config.settings`` gathered: the process's environment is not looked at behind its back."""
        return (init_settings,)

    @property
    def database(self) -> SecretStr:
        """The database's URL, given or derived from the data folder."""
        return self.database_url or SecretStr(f"sqlite:///{self.data_dir.resolve() / 'longstop.db'}")

    @property
    def timings(self) -> Timings:
        """The waits of delivery as the value that the engine takes."""
        prefix = "timings_"
        return Timings(**{name.removeprefix(prefix): getattr(self, name) for name in Waits.model_fields})
